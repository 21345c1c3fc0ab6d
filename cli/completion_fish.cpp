#include "cli/completion.hpp"

namespace visitor::cli {

const std::string_view kFishCompletion = R"fish(# A word that is being typed, without its quoting.
function __visitorctl_plain
  set -l plain (string unescape -- $argv[1])
  or set plain (string replace -r '^[\'"]' '' -- $argv[1])
  string replace -r '^~/' "$HOME/" -- $plain
end

function __visitorctl
  set -l children
  set -l options
  set -l arguments
  set -l config
  set -l given
  set -l at ''
  set -l takes ''
  set -l name ''
  set -l value ''
  set -l lead ''
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l program (__visitorctl_plain $words[1])
  set -e words[1]
  __visitorctl_at ''
  for word in $words
    if test -n "$takes"
      contains -- $name -c --config
      and set config --config (__visitorctl_plain $word)
      set takes ''
    else if string match -q -- '--config=*' $word
      set config --config (__visitorctl_plain (string replace -- '--config=' '' $word))
    else if string match -q -- '-*' $word
      set name $word
      for one in $options
        set -l parts (string split \t -- $one)
        test "$parts[1]" = "$name"
        and set takes $parts[2]
      end
    else if set -q children[1]
      __visitorctl_at "$at $word"
      or return
      set at "$at $word"
    else
      set -a given (__visitorctl_plain $word)
    end
  end

  if test -z "$takes"; and string match -q -- '--*=*' $current
    set lead (string replace -r -- '=.*' '=' $current)
    set current (string replace -r -- '^[^=]*=' '' $current)
    for one in $options
      set -l parts (string split \t -- $one)
      test "$parts[1]=" = "$lead"
      and set takes $parts[2]
    end
    test -n "$takes"
    or return
  end
  if test -n "$takes"
    set value $takes
  else if set -q arguments[1]
    set -l position (math (count $given) + 1)
    if set -q arguments[$position]
      set value $arguments[$position]
    else if string match -q -- '+*' $arguments[-1]
      set value $arguments[-1]
    end
    set value (string replace -r '^\+' '' -- $value)
  end
  if test -z "$takes"
    set -q children[1]
    and printf '%s\n' $children
    # Options only once a dash says that they are meant, or where nothing else can stand.
    if string match -q -- '-*' $current; or begin; test -z "$value"; and not set -q children[1]; end
      for one in $options
        set -l parts (string split \t -- $one)
        printf '%s\t%s\n' $parts[1] $parts[3]
      end
    end
  end
  switch $value
    case '=*'
      printf "$lead%s\n" (string split , -- (string sub -s 2 -- $value))
    case /
      printf "$lead%s\n" (__fish_complete_path (__visitorctl_plain $current))
    case '@*'
      $program $config __complete -- (string sub -s 2 -- $value) (__visitorctl_plain $current) $given 2>/dev/null </dev/null |
        string replace -r '^' -- $lead
  end
end

complete -c visitorctl -f -a '(__visitorctl)'
)fish";

}  // namespace visitor::cli

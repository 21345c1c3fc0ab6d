#include "cli/completion.hpp"

namespace visitor::cli {

const std::string_view kBashCompletion =
    R"bash(# The word $1, which may still be open, without its quoting: in $plain, and in $quote the quote that is open.
_visitorctl_plain() {
  local word=$1
  plain= quote=
  case $word in
    \'*) quote=\' plain=${word:1} plain=${plain%\'} ;;
    \"*) quote=\" plain=${word:1} plain=${plain%\"} ;;
    *)
      while [[ $word == *\\* ]]; do
        plain+=${word%%\\*}
        word=${word#*\\}
        plain+=${word:0:1}
        word=${word:1}
      done
      plain+=$word
      ;;
  esac
  [[ ! $quote && $plain == '~/'* ]] && plain=$HOME/${plain:2}
}

# Offers $1 as it has to be typed.
_visitorctl_offer() {
  local word=$1 c
  case $quote in
    \') word=${word//\'/\'\\\'\'} ;;
    \") for c in \\ \" \$ \`; do word=${word//"$c"/"\\$c"}; done ;;
    *)
      for c in \\ ' ' \' \" '$' '`' '|' '&' ';' '<' '>' '(' ')' '*' '?' '[' ']' '{' '}' '#' '~' '=' '!' ':' '@' '^'; do
        word=${word//"$c"/"\\$c"}
      done
      ;;
  esac
  COMPREPLY+=("$word")
}

_visitorctl() {
  local children options arguments at= position=0 value= takes= one word name plain quote i
  local -a config=() given=()
  COMPREPLY=()
  _visitorctl_at ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $takes ]]; then
      [[ $word == = ]] && continue # "--name=value" comes in three words
      _visitorctl_plain "$word"
      [[ $name == -c || $name == --config ]] && config=(--config "$plain")
      takes=
    elif [[ $word == -* ]]; then
      name=$word
      for one in "${options[@]}"; do
        one=${one%$'\t'*}
        [[ ${one%%$'\t'*} == "$name" ]] && takes=${one#*$'\t'}
      done
    elif [[ ${#children[@]} -gt 0 ]]; then
      _visitorctl_at "$at $word" || return 0
      at+=" $word"
    else
      ((position++))
      _visitorctl_plain "$word"
      given+=("$plain")
    fi
  done

  word=${COMP_WORDS[COMP_CWORD]}
  [[ $takes && $word == = ]] && word=
  _visitorctl_plain "$word"
  if [[ $takes ]]; then
    value=$takes
  elif [[ ${#arguments[@]} -gt 0 ]]; then
    value=${arguments[position]-}
    one=${arguments[${#arguments[@]} - 1]}
    [[ ! $value && $one == +* ]] && value=$one
    value=${value#+}
  fi
  if [[ ! $takes ]]; then
    for one in "${children[@]}"; do
      [[ ${one%%$'\t'*} == "$plain"* ]] && COMPREPLY+=("${one%%$'\t'*}")
    done
    # Options only once a dash says that they are meant, or where nothing else can stand.
    [[ $plain == -* || ( ! $value && ${#children[@]} -eq 0 ) ]] && for one in "${options[@]}"; do
      [[ ${one%%$'\t'*} == "$plain"* ]] && COMPREPLY+=("${one%%$'\t'*}")
    done
  fi
  case $value in
    =*)
      local IFS=,
      for one in ${value#=}; do
        [[ ${one,,} == "${plain,,}"* ]] && COMPREPLY+=("$one")
      done
      ;;
    /)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$plain")
      ;;
    @*)
      local program typed=$quote prefix=$plain
      _visitorctl_plain "${COMP_WORDS[0]}"
      program=$plain quote=$typed
      while IFS=$'\t' read -r one _; do
        [[ $one ]] && _visitorctl_offer "$one"
      done < <("$program" "${config[@]}" __complete -- "${value#@}" "$prefix" "${given[@]}" 2>/dev/null </dev/null)
      ;;
  esac
  return 0
}

complete -o nosort -F _visitorctl visitorctl
)bash";

}  // namespace visitor::cli

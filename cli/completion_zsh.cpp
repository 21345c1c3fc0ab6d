#include "cli/completion.hpp"

namespace visitor::cli {

const std::string_view kZshCompletion = R"zsh(# Offers lines of "word<tab>note" under the title $1.
_visitorctl_offer() {
  local title=$1 one
  local -a offers
  shift
  for one in "$@"; do
    offers+=("${${one%%$'\t'*}//:/\\:}:${${one#*$'\t'}//$'\t'/ }")
  done
  _describe -V "$title" offers -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'
}

_visitorctl() {
  local -a children options arguments config given matching
  local at= value= takes= one word name i
  integer position=0
  _visitorctl_at ''
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    if [[ -n $takes ]]; then
      [[ $name == (-c|--config) ]] && config=(--config ${${(Q)word}/#\~\//$HOME/})
      takes=
    elif [[ $word == --*=* ]]; then
      [[ $word == --config=* ]] && config=(--config ${${(Q)word#*=}/#\~\//$HOME/})
    elif [[ $word == -* ]]; then
      name=$word
      for one in $options; do
        one=${one%$'\t'*}
        [[ ${one%%$'\t'*} == $name ]] && takes=${one#*$'\t'}
      done
    elif (($#children)); then
      _visitorctl_at "$at $word" || return 1
      at+=" $word"
    else
      ((position++))
      given+=(${(Q)word})
    fi
  done

  if [[ -z $takes && $PREFIX == --*=* ]]; then
    name=${PREFIX%%=*}
    compset -P '--*='
    for one in $options; do
      one=${one%$'\t'*}
      [[ ${one%%$'\t'*} == $name ]] && takes=${one#*$'\t'}
    done
    [[ -n $takes ]] || return 1
  fi
  if [[ -n $takes ]]; then
    value=$takes
  elif (($#arguments)); then
    value=${arguments[position + 1]-}
    [[ -z $value && ${arguments[-1]} == +* ]] && value=${arguments[-1]}
    value=${value#+}
  fi
  integer failed=1
  if [[ -z $takes ]]; then
    (($#children)) && _visitorctl_offer command $children && failed=0
    # Options only once a dash says that they are meant, or where nothing else can stand.
    if [[ $PREFIX == -* || ( -z $value && $#children -eq 0 ) ]]; then
      matching=()
      for one in $options; do
        matching+=("${one%%$'\t'*}"$'\t'"${one##*$'\t'}")
      done
      _visitorctl_offer option $matching && failed=0
    fi
  fi
  case $value in
    ('='*) _visitorctl_offer value ${(s:,:)${value#=}} && failed=0 ;;
    (/) _files && failed=0 ;;
    ('@'*)
      local program=${${(Q)words[1]}/#\~\//$HOME/}
      matching=(${(f)"$($program $config __complete -- ${value#@} ${(Q)PREFIX} $given 2>/dev/null </dev/null)"})
      (($#matching)) && _visitorctl_offer ${(L)value#@} $matching && failed=0
      ;;
  esac
  return failed
}

if [[ $funcstack[1] == _visitorctl ]]; then
  _visitorctl "$@"
else
  compdef _visitorctl visitorctl
fi
)zsh";

}  // namespace visitor::cli

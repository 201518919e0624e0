import { isSecretParameter } from '../../../phones/config-files/sip-parameters.ts'
import { type Finding, finding } from '../finding.ts'
import type { RootView } from '../root-view.ts'
import { FIELD_REPORTS } from '../sources.ts'

/** Values that were left as a sample or a template has them. */
export function findPlaceholders(view: RootView): readonly Finding[] {
  const inSip = [...view.sip, ...view.misspeltSip].flatMap(({ file, content }) =>
    content.entries
      .filter(({ name, value }) => name !== 'image_version' && isPlaceholder(value))
      .map(({ name, value, line }) => {
        const shown = isSecretParameter(name) ? 'a placeholder' : `"${value.slice(0, 48)}"`
        return placeholder(file.path, line, `${name} is ${shown}`)
      }),
  )
  const inXml = view.xml.flatMap(({ file, document }) =>
    document.elements
      .filter(({ name, text }) => !/^loadInformation/i.test(name) && isPlaceholder(text))
      .map(({ name, text, line }) => {
        const shown = /password|secret|key/i.test(name) ? 'a placeholder' : `"${text.slice(0, 48)}"`
        return placeholder(file.path, line, `<${name}> is ${shown}`)
      }),
  )
  return [...inSip, ...inXml]
}

function placeholder(file: string, line: number, found: string): Finding {
  return finding({
    severity: 'warns',
    rule: 'placeholder',
    file,
    line,
    found: `${found}, which a sample or a template left there`,
    phone: 'The phone takes it as it stands.',
    remedy: 'Write the value that is meant, or remove the setting.',
    source: FIELD_REPORTS,
  })
}

function isPlaceholder(value: string): boolean {
  return PLACEHOLDERS.some((pattern) => pattern.test(value.trim()))
}

const PLACEHOLDERS: readonly RegExp[] = [
  // xxx.xxx.xxx.xxx, 192.168.x.x, 10.0.0.yyy
  /^(?:\d{1,3}|[xyz]{1,3}|[abcd])(?:\.(?:\d{1,3}|[xyz]{1,3}|[abcd])){3}$(?<![\d.]{7,15})/i,
  // <proxy>, [proxy], {proxy}, {{ proxy }}, ${proxy}, $proxy, %proxy%, %%proxy%%, __proxy__, @@proxy@@
  /^<[^<>]{1,64}>$|^\[[^[\]]{1,64}\]$|^\$?\{{1,2}[^{}]{1,64}\}{1,2}$|^\$\(?[a-z_]\w{0,63}\)?$/i,
  /^(%{1,2}|@@|__)[a-z][\w. -]{0,63}\1$/i,
  /^(?:your|insert|enter|replace|put)[-_ .]?(?:the|your|this|ip|address|server|proxy|asterisk|pbx|user|name|password|extension|number|domain|host|my|here)/i,
  /^(?:change|replace)[-_ ]?me$|^(?:todo|tbd|fixme)$|^X{4,}$/i,
  /^(?:USERNAME|USER_NAME|PASSWORD|EXTENSION|SERVER_?IP|IP_?ADDRESS|PROXY_?(?:IP|ADDRESS)|SIP_?SERVER)$/,
]

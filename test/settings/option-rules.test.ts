import t from 'tap'
import { aConfiguration, parsed } from '../support/configuration.ts'

t.test('faults in options are found in the network and in its classes', async (t) => {
  const result = parsed(
    aConfiguration({
      options: { tftpServer: 'x', ntpServers: 7 },
      classes: [
        { vendorClass: 'A', options: { tftpServer: 'x' } },
        { vendorClass: 'B', options: { bootFileSize: -1 } },
        { vendorClass: 'C' },
      ],
    }),
  )
  t.match(result, {
    kind: 'refused',
    problems: [
      { path: 'networks[0].classes[2].options', message: /^missing, wanted options by name/ },
      {
        path: 'networks[0].options.tftpServer',
        message: /has its own key: use tftpServerName/,
      },
      { path: 'networks[0].options.ntpServers', message: /^found 7, wanted a list of IPv4/ },
      { path: 'networks[0].classes[1].options.bootFileSize', message: /^found -1, wanted a whole/ },
    ],
  })
})

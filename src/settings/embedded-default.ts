/**
 * The configuration of the demonstration: it runs on any machine, without rights, and touches no
 * network beyond loopback. Simulated phones reach the network `demo` as if through a relay. Its
 * folder is its own: what it stores is not to be found on a real bench.
 */
export const EMBEDDED_DEFAULT = `dataDir: ./data-demo
api:
  listen: 127.0.0.1:8067
tftp:
  port: 6969
dhcp:
  port: 6767
networks:
  - name: demo
    relayed: true
    address: 127.0.0.1
    subnet: 127.83.0.0/24
    pool: [127.83.0.50-127.83.0.99]
    admit: enrolled
    # Every address of 127/8 answers on its own machine: a look at the wire would find all in use.
    probe: false
`

import t from 'tap'
import { findPostgres } from '../support/postgres-cluster.ts'
import { ip, lackingForLab } from '../system/support/lab.ts'
import { Cluster } from './database.ts'
import { CLUSTER_ADDRESS } from './places.ts'

const LACKING =
  lackingForLab(['ip', 'setpriv']) || (findPostgres() === undefined ? 'PostgreSQL' : false)

t.test('a PostgreSQL that is frozen can be stopped', { skip: LACKING }, async (t) => {
  const namespace = `shd${process.pid.toString(36)}`
  ip('netns', 'add', namespace)
  t.teardown(() => ip('netns', 'del', namespace))
  ip('-n', namespace, 'link', 'set', 'lo', 'up')
  ip('-n', namespace, 'addr', 'add', `${CLUSTER_ADDRESS.p1}/24`, 'dev', 'lo')
  const cluster = new Cluster('p1', namespace)
  t.teardown(() => cluster.remove())
  await cluster.create()
  await cluster.start()
  cluster.freeze()
  await cluster.stop()
  t.equal(cluster.isRunning, false)
})

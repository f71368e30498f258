// The whole of Bluesky (npm @atproto/dev-env): account server, directory of identities, and what readers read.
//
//   DB_POSTGRES_URL=… REDIS_HOST=127.0.0.1:PORT node bluesky_network.mjs name:password…
//
// Prints one JSON line with the addresses once all of them answer; ends on SIGTERM.
import { Server } from 'node:net'

// All of them would listen on every address of the machine.
const listen = Server.prototype.listen
Server.prototype.listen = function (where, ...rest) {
  return typeof where === 'object' ? listen.call(this, where, ...rest) : listen.call(this, Number(where), '127.0.0.1', ...rest)
}

Object.assign(process.env, { LOG_ENABLED: 'false', DB_POSTGRES_SCHEMA: 'ausrufer' })
const { TestNetwork } = await import('@atproto/dev-env')
const network = await TestNetwork.create({ pds: { hostname: 'localhost' } })
for (const account of process.argv.slice(2)) {
  const [name, password] = account.split(':')
  const made = await fetch(`${network.pds.url}/xrpc/com.atproto.server.createAccount`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ handle: `${name}.test`, email: `${name}@example.org`, password }),
  })
  if (!made.ok) throw new Error(`${name}: ${await made.text()}`)
}
await network.processAll()
console.log(JSON.stringify({ ready: true, pds: network.pds.url, appview: network.bsky.url }))

process.on('SIGTERM', async () => {
  await network.close().catch(() => {})
  process.exit(0)
})

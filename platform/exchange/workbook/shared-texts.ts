import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { damagedInside, declaresType } from './damage.ts'
import { XmlTokens } from './xml-tokens.ts'

const blockBytes = 1 << 16
/** Blocks held in memory (40 MB); the first ones go to a file beyond that and come back as they are asked for. */
const held = 640
const recent = 64
/** No text of a cell is longer: 32,767 characters, with marks of format. */
const longestItem = 4 * 2 ** 20
const none = new Uint8Array(0)

/** The shared texts of a workbook as one run of bytes; `of` gives bytes to be copied at once. */
export class SharedTexts {
  bytes: Uint8Array = none
  from = 0
  to = 0
  private readonly blocks: (Buffer | null)[] = []
  private used = blockBytes
  private starts = new Uint32Array(1024)
  private lengths = new Uint32Array(1024)
  private count = 0
  private spilled = 0
  private file: number | null = null
  private readonly back = new Map<number, Buffer>()
  private rest: Buffer = Buffer.alloc(0)

  /** @param spill file for what does not fit into memory */
  constructor(private readonly spill: string) {}

  /** Reads the part `sharedStrings.xml`, which comes in pieces. */
  async read(stream: AsyncIterable<unknown>): Promise<this> {
    for await (const chunk of stream) this.push(chunk as Buffer)
    this.rest = Buffer.alloc(0)
    return this
  }

  /** Puts the text of number `index` into `bytes`, `from`, `to`; nothing where there is none. */
  find(index: number): void {
    this.from = this.to = 0
    if (!(index >= 0 && index < this.count)) return
    const start = this.starts[index]!
    const block = Math.floor(start / blockBytes)
    this.bytes = this.blocks[block] ?? this.fetch(block)
    this.from = start % blockBytes
    this.to = this.from + this.lengths[index]!
  }

  close(): void {
    if (this.file !== null) closeSync(this.file)
  }

  private push(chunk: Buffer): void {
    const bytes = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk
    let at = 0
    for (;;) {
      const start = bytes.indexOf('<', at)
      if (start < 0) break
      const name = afterPrefix(bytes, start + 1)
      // `<si` and one more byte must be there to know the tag.
      if (name + 3 > bytes.length) {
        this.keep(bytes, start)
        return
      }
      const next = bytes[name + 2]!
      if (bytes[start + 1] === 33 && bytes[start + 2] !== 45) throw declaresType()
      if (!(bytes[name] === 115 && bytes[name + 1] === 105 && (next === 62 || next === 32 || next === 47))) {
        at = start + 1
        continue
      }
      const end = bytes.indexOf('si>', name + 2)
      const tagEnd = bytes.indexOf('>', name)
      if (tagEnd > 0 && bytes[tagEnd - 1] === 47) {
        this.add(none, 0, 0)
        at = tagEnd + 1
        continue
      }
      if (end < 0 || tagEnd < 0) {
        this.keep(bytes, start)
        return
      }
      this.item(bytes, tagEnd + 1, end)
      at = end + 3
    }
    this.keep(bytes, bytes.length)
  }

  private keep(bytes: Buffer, from: number): void {
    this.rest = bytes.subarray(from)
    if (this.rest.length > longestItem) throw damagedInside()
  }

  /** One `<si>`: mostly a single `<t>` without entities, else by the general way. */
  private item(bytes: Buffer, from: number, to: number): void {
    if (bytes[from] === 60 && bytes[from + 1] === 116) {
      const open = bytes.indexOf('>', from) + 1
      const end = bytes.indexOf('<', open)
      if (bytes[open - 2] !== 47 && bytes[end + 1] === 47 && bytes[end + 2] === 116) {
        const after = bytes.indexOf('<', end + 1)
        const amp = bytes.subarray(open, end).indexOf(38)
        if (amp < 0 && after + 2 >= to) {
          this.add(bytes, open, end)
          return
        }
      }
    }
    const text = Buffer.from(itemText(bytes.toString('utf8', from, to).replace(/<\/[\w.-]*:?$/, '')))
    this.add(text, 0, text.length)
  }

  private add(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from
    if (length > blockBytes * 4) throw damagedInside()
    if (this.used + length > blockBytes) this.newBlock()
    // A text longer than a block is cut at what a cell can hold, which is far less.
    const kept = Math.min(length, blockBytes)
    const block = this.blocks.at(-1)!
    for (let i = 0; i < kept; i++) block[this.used + i] = bytes[from + i]!
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts)
      this.lengths = grown(this.lengths)
    }
    this.starts[this.count] = (this.blocks.length - 1) * blockBytes + this.used
    this.lengths[this.count++] = kept
    this.used += kept
  }

  private newBlock(): void {
    if (this.blocks.length - this.spilled >= held) {
      this.file ??= openSync(this.spill, 'w+')
      writeSync(this.file, this.blocks[this.spilled]!, 0, blockBytes, this.spilled * blockBytes)
      this.blocks[this.spilled++] = null
    }
    this.blocks.push(Buffer.allocUnsafeSlow(blockBytes))
    this.used = 0
  }

  private fetch(block: number): Buffer {
    const known = this.back.get(block)
    if (known) return known
    let room: Buffer | undefined
    if (this.back.size >= recent) {
      const [oldest, buffer] = this.back.entries().next().value!
      this.back.delete(oldest)
      room = buffer
    }
    const read = room ?? Buffer.allocUnsafeSlow(blockBytes)
    readSync(this.file!, read, 0, blockBytes, block * blockBytes)
    this.back.set(block, read)
    return read
  }
}

function grown(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}

/** Behind a namespace prefix (`x:si`), if the tag has one. */
function afterPrefix(bytes: Buffer, at: number): number {
  for (let i = at; i < at + 8 && i < bytes.length; i++) {
    const c = bytes[i]!
    if (c === 58) return i + 1
    if (c <= 32 || c === 62 || c === 47) break
  }
  return at
}

/** The text of one item; readings of Chinese characters (phonetic runs) are not part of it. */
function itemText(xml: string): string {
  let text = ''
  let take = false
  let phonetic = false
  new XmlTokens({
    open(name) {
      if (name === 'rPh') phonetic = true
      else if (name === 't') take = !phonetic
    },
    close(name) {
      if (name === 'rPh') phonetic = false
      else if (name === 't') take = false
    },
    text(piece) {
      if (take) text += piece
    },
  }).push(xml)
  return text
}

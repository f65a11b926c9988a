import type { Sentence } from '@fupin/platform/problems/problem.ts'
import type { IdState } from './id-number.ts'

/** Why a number does not stand, and what to do; `%` stands for the wanted last character. */
export const idSentences: Record<Exclude<IdState, 'ok' | 'ok_disability'>, Sentence> = {
  ok_15: {
    zh: '证件号是 15 位旧号，已换成 18 位比对。请核对原件。',
    en: 'An old 15-digit number; compared in its 18-digit form. Check it against the card.',
  },
  cut: {
    zh: '证件号码被表格软件截断，末几位已丢，无法复原。请按原件重填，并把这一列设为文本。',
    en: 'A spreadsheet cut this number; its last digits are lost. Enter it again from the card, in a text column.',
  },
  length: { zh: '证件号不是 18 位。请按原件重填。', en: 'The number does not have 18 characters. Enter it again from the card.' },
  letters: {
    zh: '证件号里有不该有的字符。请按原件重填。',
    en: 'The number has characters that do not belong there. Enter it again from the card.',
  },
  area: { zh: '证件号前两位不是任何省区的代码。请看原件。', en: 'The first two digits are no province. Look at the card.' },
  birth: { zh: '证件号第 7 到 14 位不是一个日子。请看原件。', en: 'Digits 7 to 14 are no date. Look at the card.' },
  check: {
    zh: '证件号第 18 位不对，按前 17 位应是 %。请看原件。',
    en: 'The 18th character should be % by the first 17. Look at the card.',
  },
  disability: {
    zh: '残疾证号第 19 位应为类别 1 到 7，第 20 位应为等级 1 到 4。请看原件。',
    en: 'Of a disability certificate, character 19 must be the class 1 to 7, character 20 the grade 1 to 4. Look at the card.',
  },
}

import { type Dice, running } from './random.ts'

/**
 * Names for invented people: surnames common in Guangxi and given names of its countryside, a list of our own with weights by feel.
 * No frequency table and no list of real people stands behind it.
 */
const SURNAMES: Record<string, string> = {
  han: '黄12 李8 陈8 梁6 韦4 刘5 杨4 张4 王4 罗3 周3 吴3 何3 林3 邓3 谢2 钟2 廖2 邱1 庞2 宁2 苏2 唐2 蒋2 莫2 覃2 曾2 叶1 冯1 温1',
  zhuang: '黄17 韦14 覃8 梁7 陆6 农5 莫5 李5 蒙4 凌3 卢3 罗3 蓝3 班2 岑2 零1 闭1 施2 马2 潘3 许2 赵2 唐2 周2 玉1 磨1',
  yao: '盘8 邓8 赵8 李9 蒋3 冯3 黄6 蓝8 韦6 蒙6 罗5 潘3 凤1 庞2 郑1 周1 唐3',
  other: '杨8 吴8 石6 贾3 梁7 潘5 银4 谢4 罗5 覃5 谭6 卢4 韦4 龙5 李5 王3',
}
const MALE =
  '国1 明1 建1 志1 文1 德1 福1 贵1 荣1 光1 家1 永1 春1 金1 海1 宝1 世1 振1 忠1 生1 华1 强1 军1 勇1 伟1 祥1 才1 龙1 平1 辉1 东1 新1 耀1 启1 庆1 善1 安1 朝1 宏1 胜1'
const FEMALE =
  '美1 秀1 兰1 英1 梅1 凤1 玉1 珍1 芳1 花1 菊1 丽1 娟1 莲1 桂1 月1 红1 琼1 燕1 艳1 霞1 青1 彩1 香1 爱1 素1 妹1 小1 春1 翠1 雪1 云1 连1 金1 惠1 少1 群1 仙1 琴1 柳1'
const YOUNG_MALE = '浩1 宇1 俊1 杰1 子1 轩1 博1 嘉1 鑫1 涛1 鹏1 智1 泽1 天1 睿1 凯1 一1 铭1 航1 晨1 景1 恒1 烨1 毅1 森1 翔1 晓1 政1 豪1 源1'
const YOUNG_FEMALE =
  '欣1 怡1 婷1 梦1 诗1 雨1 佳1 思1 静1 敏1 雅1 琪1 慧1 雪1 晓1 嘉1 可1 瑶1 颖1 倩1 馨1 柔1 文1 钰1 依1 萱1 菲1 珊1 宁1 彤1'

interface Bag {
  words: string[]
  sums: Float64Array
}

const bag = (text: string): Bag => {
  const words = text.split(' ')
  return { words: words.map((word) => word[0]), sums: running(words.map((word) => Number(word.slice(1)))) }
}

const surnameBags: Record<string, Bag> = Object.fromEntries(Object.entries(SURNAMES).map(([key, text]) => [key, bag(text)]))
const given = { male: bag(MALE), female: bag(FEMALE), youngMale: bag(YOUNG_MALE), youngFemale: bag(YOUNG_FEMALE) }

/** A surname usual for the ethnic group (its code in GB/T 3304). */
export function surname(dice: Dice, ethnic: string): string {
  const { words, sums } = surnameBags[ethnic === '01' ? 'han' : ethnic === '08' ? 'zhuang' : ethnic === '13' ? 'yao' : 'other']
  return words[dice.draw(sums)]
}

/** A given name of one or two characters, as people born in that year bear. */
export function givenName(dice: Dice, male: boolean, birthYear: number): string {
  const { words } = birthYear >= 1990 ? (male ? given.youngMale : given.youngFemale) : male ? given.male : given.female
  const first = dice.pick(words)
  if (dice.chance(0.09)) return first
  const second = dice.pick(words)
  return first + second
}

/** Characters that are taken for one another: heard alike, or alike to the eye. */
const HEARD = [
  '国果',
  '明名',
  '建健',
  '志智',
  '文闻',
  '福富',
  '贵桂',
  '荣容',
  '光广',
  '家佳',
  '永勇',
  '金今',
  '海',
  '宝保',
  '忠中',
  '华花',
  '强墙',
  '伟韦',
  '祥翔',
  '平萍',
  '辉晖',
  '兰蓝',
  '英瑛',
  '梅媒',
  '凤风',
  '玉育',
  '珍真',
  '芳方',
  '丽莉',
  '娟涓',
  '莲连',
  '月悦',
  '红洪',
  '艳燕',
  '霞侠',
  '彩采',
  '香乡',
  '素苏',
  '浩昊',
  '宇雨',
  '俊峻',
  '杰洁',
  '轩宣',
  '嘉加',
  '鑫新',
  '欣心',
  '怡宜',
  '婷亭',
  '梦孟',
  '诗师',
  '静敬',
  '敏闽',
  '琪琦',
  '慧惠',
  '雪学',
  '颖影',
  '黄皇',
  '陈程',
  '梁粮',
  '韦为',
  '覃秦',
  '罗洛',
  '谭谈',
  '蒙孟',
  '陆路',
  '卢炉',
  '莫默',
  '潘攀',
  '邓登',
  '盘磐',
  '凌零',
  '廖料',
]
const SEEN = [
  '未末',
  '己已',
  '土士',
  '日曰',
  '戊戌',
  '梁粱',
  '末未',
  '明朋',
  '春舂',
  '东车',
  '天夭',
  '云去',
  '兰三',
  '平乎',
  '少小',
  '玉王',
  '生主',
  '庆厌',
  '安案',
  '凯剀',
  '涛寿',
  '政故',
  '晨辰',
  '豪毫',
  '桂挂',
  '珊栅',
  '柳抑',
  '森林',
  '胜姓',
  '启后',
  '宁宇',
  '可司',
  '彤丹',
  '柔矛',
  '依衣',
  '航杭',
  '铭名',
  '善喜',
  '耀跃',
  '翠萃',
  '仙山',
]

const pairs = (list: string[]): Map<string, string> => {
  const map = new Map<string, string>()
  for (const [a, b] of list.filter((pair) => pair.length === 2)) {
    if (!map.has(a)) map.set(a, b)
    if (!map.has(b)) map.set(b, a)
  }
  return map
}
const heard = pairs(HEARD)
const seen = pairs(SEEN)

/** The given name turned round, or a character of it left out. */
function slip(dice: Dice, name: string): string {
  const [first, second, third] = name
  return dice.chance(0.6) && second !== third ? first + third + second : first + (dice.chance(0.5) ? second : third)
}

/** The name with one character miswritten, and how; undefined if no character of it has a usual mistake. */
export function miswrite(dice: Dice, name: string): { name: string; how: 'homophone' | 'look_alike' | 'typo' } | undefined {
  if (name.length > 2 && dice.chance(0.12)) return { name: slip(dice, name), how: 'typo' }
  const preferSeen = dice.chance(0.35)
  const start = dice.between(0, name.length - 1)
  for (const how of preferSeen ? (['look_alike', 'homophone'] as const) : (['homophone', 'look_alike'] as const)) {
    const map = how === 'homophone' ? heard : seen
    for (let i = 0; i < name.length; i++) {
      const at = (start + i) % name.length
      const other = map.get(name[at])
      if (other) return { name: name.slice(0, at) + other + name.slice(at + 1), how }
    }
  }
  return undefined
}

const HAMLET_FIRST = [
  '那',
  '板',
  '屯',
  '弄',
  '岜',
  '百',
  '渠',
  '六',
  '叫',
  '坡',
  '龙',
  '新',
  '上',
  '下',
  '大',
  '平',
  '长',
  '石',
  '古',
  '三',
]
const HAMLET_LAST = ['良', '林', '琴', '敏', '坡', '岭', '江', '塘', '稳', '造', '荣', '楼', '隆', '桑', '怀', '坛', '务', '律', '岽', '贡']

/** Names of made-up hamlets (屯), all different within one village. */
export function hamletNames(dice: Dice, count: number): string[] {
  const names = new Set<string>()
  while (names.size < count) names.add(`${dice.pick(HAMLET_FIRST)}${dice.pick(HAMLET_LAST)}屯`)
  return [...names]
}

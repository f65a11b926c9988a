import { describe, expect, test } from 'vitest'
import { readDivisions } from './divisions.ts'

const { cities, counties, townships, villages, povertyCounties, codeChanges, countyAt, childrenOf, find } = readDivisions()

describe('the divisions of Guangxi', () => {
  test('hold every city, county, township and all 16,681 villages once', () => {
    expect([cities.length, counties.length, townships.length, villages.length]).toEqual([14, 111, 1284, 16681])
    const codes = [...cities, ...counties, ...townships, ...villages].map((area) => area.code)
    expect(new Set(codes).size).toBe(codes.length)
  })

  test('nest: every area stands below the one its code begins with', () => {
    for (const area of [...counties, ...townships, ...villages]) {
      expect(find(area.parent)?.code).toBe(area.parent)
      expect(area.code.startsWith(area.parent)).toBe(true)
    }
    expect(cities.every((city) => city.parent === '450000' && /^45\d\d$/.test(city.code))).toBe(true)
    expect(villages.every((village) => /^45\d{10}$/.test(village.code) && village.name !== '')).toBe(true)
  })

  test('Shangsi has 8 townships and 95 villages, and they roll up without double counting', () => {
    const below = childrenOf('450621')
    expect(below.map((township) => township.name)).toContain('南屏瑶族乡')
    expect(below).toHaveLength(8)
    expect(below.flatMap((township) => childrenOf(township.code))).toHaveLength(95)
    const all = cities.flatMap((city) => childrenOf(city.code)).flatMap((county) => childrenOf(county.code))
    expect(all.flatMap((township) => childrenOf(township.code))).toHaveLength(16681)
  })

  test('54 poverty counties: 33 of the national class, 21 of the region', () => {
    expect(povertyCounties.filter((county) => county.level === 'national')).toHaveLength(33)
    expect(povertyCounties.filter((county) => county.level === 'regional')).toHaveLength(21)
    expect(povertyCounties.every((county) => find(county.code))).toBe(true)
  })
})

describe('codes that changed', () => {
  test.for([
    ['450122', '450110', 2014, '武鸣县'],
    ['451025', '451081', 2014, '靖西县'],
    ['450221', '450206', 2015, '柳江县'],
    ['451281', '451203', 2015, '宜州市'],
    ['450331', '450381', 2017, '荔浦县'],
    ['451021', '451003', 2018, '田阳县'],
    ['451023', '451082', 2018, '平果县'],
    ['450127', '450181', 2020, '横县'],
  ] as const)('%s became %s after %i', ([before, after, lastYear, name]) => {
    expect(countyAt(after, lastYear)).toMatchObject({ code: before, name, codeNow: after })
    expect(countyAt(before, lastYear + 1)).toMatchObject({ code: after, codeNow: after })
    expect(countyAt(before, 2023)?.nameNow).toBe(find(after)?.name)
  })

  test('a county that was new has no past', () => {
    expect(codeChanges).toHaveLength(9)
    expect(countyAt('451103', 2015)).toBeUndefined()
    expect(countyAt('451103', 2016)?.name).toBe('平桂区')
  })

  test('a county that never changed is the same in every year, and nobody has an unknown code', () => {
    for (let year = 2013; year <= 2023; year++) expect(countyAt('450621', year)).toMatchObject({ code: '450621', name: '上思县', year })
    expect(countyAt('450699', 2015)).toBeUndefined()
  })
})

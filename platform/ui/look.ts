import type { ThemeConfig } from 'antd'

/** Screen type, first what the machines of an office have; the last one is for rare characters in names. */
const screenFont =
  '"Segoe UI","PingFang SC","HarmonyOS Sans SC","Microsoft YaHei UI","Microsoft YaHei","Source Han Sans SC","Noto Sans CJK SC","Noto Sans SC","WenQuanYi Micro Hei","SimSun-ExtB",sans-serif'

/** The look of the office (contrast measured on white); in elder mode (大字) type and targets grow. */
export const look = (elder: boolean): ThemeConfig => ({
  hashed: false,
  cssVar: { key: 'fupin' },
  token: {
    colorPrimary: '#0E6377',
    colorInfo: '#0E6377',
    colorLink: '#0E6377',
    colorSuccess: '#256B3A',
    colorWarning: '#8A5200',
    colorError: '#B3261E',
    colorText: '#1C2528',
    colorTextSecondary: '#4A575C',
    colorTextDescription: '#4A575C',
    colorTextTertiary: '#5D6B70',
    colorTextQuaternary: '#5D6B70',
    colorTextPlaceholder: '#5D6B70',
    colorTextDisabled: '#5D6B70',
    colorBorder: '#7B8987',
    colorBorderSecondary: '#D9DEDC',
    colorSplit: '#D9DEDC',
    colorBgLayout: '#F5F6F4',
    fontFamily: screenFont,
    fontSize: elder ? 18 : 14,
    borderRadius: 4,
    borderRadiusLG: 6,
    borderRadiusSM: 3,
    controlHeight: elder ? 60 : 32,
    controlOutline: 'rgba(14,99,119,.35)',
    lineWidthFocus: 3,
    motion: false,
    motionDurationMid: '0.1s',
    motionDurationSlow: '0.15s',
  },
  components: {
    Menu: {
      itemHeight: elder ? 60 : 34,
      itemMarginBlock: 1,
      itemMarginInline: 8,
      itemSelectedBg: '#E6F1F3',
      itemSelectedColor: '#0B5163',
      groupTitleColor: '#4A575C',
      groupTitleFontSize: elder ? 16 : 12,
    },
    Button: { primaryShadow: 'none', defaultShadow: 'none' },
  },
})

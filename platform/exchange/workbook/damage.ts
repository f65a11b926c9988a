import { Problem } from '../../problems/problem.ts'

/** The XML of a workbook cannot be followed. */
export const damagedInside = (): Problem =>
  new Problem('damaged_workbook', { zh: '工作簿内部已损坏。请重新取一份。', en: 'The workbook is damaged inside. Fetch it again.' })

/** A document type: the way to let a small file grow without end. */
export const declaresType = (): Problem =>
  new Problem('workbook_doctype', {
    zh: '工作簿里有不该有的文档类型定义，没有打开。请用原软件另存一份再交。',
    en: 'The workbook declares a document type; it was not opened. Save it again from the original program.',
  })

/** More than any workbook holds. */
export const growsTooLarge = (): Problem =>
  new Problem('workbook_bomb', {
    zh: '这个文件解开后大得不正常，没有打开。请用原软件另存一份再交。',
    en: 'This file would unpack to an abnormal size; it was not opened. Save it again from the original program.',
  })

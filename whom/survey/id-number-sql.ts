import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { checkCharacters, checkWeights, provincePrefixes } from './id-number.ts'

/** The same reading as `readIdNumber`, for columns of a table: macros over text. */
export async function createIdMacros(duck: Duck): Promise<void> {
  const sum = checkWeights.map((weight, i) => `${weight} * ((n // ${10n ** BigInt(16 - i)}) % 10)`).join(' + ')
  await duck.run(`
    create or replace macro id_text(x) as
      case when regexp_full_match(x, '\\d{17}[\\dX]') then x
           else upper(regexp_replace(cell_text(x), '[\\s''’‘]', '', 'g')) end;
    create or replace macro id_check_character(n) as substr('${checkCharacters}', ((${sum}) % 11)::integer + 1, 1);
    create or replace macro id_shape(t) as
      case when t is null then null
           when regexp_full_match(t, '\\d{17}[\\dX]') then 'eighteen'
           when regexp_full_match(t, '\\d{15}') then 'fifteen'
           when regexp_full_match(t, '\\d(\\.\\d+)?E\\+?\\d+') then 'cut'
           when regexp_full_match(t, '\\d{17}[\\dX]\\d{2}(\\d{2}|B\\d)?') then 'disability'
           when length(t) = 18 and not regexp_full_match(t, '[\\dX]*') then 'letters'
           else 'length' end;
    create or replace macro id_part_state(e, wanted) as
      case when e is null then null
           when e[1:2]::integer not in (${provincePrefixes.join(', ')}) then 'area'
           when e[7:10]::integer not between 1850 and 2100 or try_cast(concat(e[7:10], '-', e[11:12], '-', e[13:14]) as date) is null then 'birth'
           when wanted <> e[18:18] then case when e[16:18] = '000' then 'cut' else 'check' end
           else 'ok' end;
    create or replace macro id_disability(t) as regexp_matches(t[19:20], '^[1-7][1-4]$');
  `)
}

/**
 * SQL: the rows of `from` with `id_written` (plain signs), `id_state`, `id18` (null where the number does not stand) and `id_wanted` (the check
 * character), read from text `column`. Every step is a level of its own, so that nothing is computed twice.
 */
export function idFactsSql(from: string, column: string): string {
  const levels = [
    `id_text(${column}) as id_written`,
    'id_shape(id_written) as _shape',
    `case _shape when 'fifteen' then concat(id_written[1:6], '19', id_written[7:15]) when 'eighteen' then id_written[1:17] when 'disability' then id_written[1:17] end as _first17`,
    '_first17::bigint as _n',
    'id_check_character(_n) as id_wanted',
    `case _shape when 'fifteen' then concat(_first17, id_wanted) when 'eighteen' then id_written when 'disability' then id_written[1:18] end as _part`,
    'id_part_state(_part, id_wanted) as _part_state',
    `case when _part_state is null then _shape when _part_state <> 'ok' then _part_state when _shape = 'fifteen' then 'ok_15'
       when _shape = 'disability' then case when id_disability(id_written) then 'ok_disability' else 'disability' end else 'ok' end as id_state`,
    `case when id_state in ('ok', 'ok_15', 'ok_disability') then _part end as id18`,
  ]
  return `select * exclude (_shape, _first17, _n, _part, _part_state) from ${levels.reduce((inner, level) => `(select *, ${level} from ${inner})`, from)}`
}

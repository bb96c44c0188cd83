import { PanelBuilder as BarsBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { type DashboardSpec, descriptionOf, type PanelSpec, PLAIN, type VariableSpec } from './panel.ts';

/** The datasource as deploy/grafana/provisioning makes it. */
export const DATASOURCE = { type: 'prometheus', uid: 'prometheus' };
/** All dashboards carry it: by it they link to each other. */
export const TAG = 'chimera';

const HEIGHT = { stat: 4, bars: 8, lines: 8, states: 8 } as const;

/** The dashboard as Grafana reads it from a file. */
export function dashboardOf(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.answers)
    .tags([TAG])
    .readonly()
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-6h', to: 'now' })
    .refresh('10s')
    .version(1)
    .link(links())
    .annotations([])
    .variables(spec.variables.map(variable));
  // Ids are part of links to single panels, so they are given here and not by whoever loads the file.
  let id = 0;
  for (const { title, panels } of spec.rows) {
    builder.withRow(new RowBuilder(title).id(++id));
    for (const panel of panels) builder.withPanel(panelOf(panel, ++id));
  }
  return builder.build();
}

/** The other dashboards, with what was chosen in this one. */
function links(): Builder<DashboardLink> {
  return asPlaced(
    new DashboardLinkBuilder('Dashboards')
      .type(DashboardLinkType.Dashboards)
      .tags([TAG])
      .asDropdown(false)
      .keepTime(true)
      .includeVars(true),
  );
}

/** A link where one sees it: the library would hide it in a menu. */
function asPlaced(builder: DashboardLinkBuilder): Builder<DashboardLink> {
  const { placement: _, ...link } = builder.build();
  return { build: () => link };
}

const linkTo = ({ uid, title }: { uid: string; title: string }) =>
  asPlaced(new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(`/d/${uid}`).keepTime(true));

function variable({ name, label, shows, metric, of }: VariableSpec): QueryVariableBuilder {
  return (
    new QueryVariableBuilder(name)
      .label(label)
      .description(shows)
      .datasource(DATASOURCE)
      .query({ query: `label_values(${metric}, ${of})`, refId: name })
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.NaturalAsc)
      .multi(true)
      .includeAll(true)
      // Not a list of all, which grows long; and what has no such label, as Prometheus' own process, is none of ours.
      .allValue('.+')
      .current({ selected: true, text: ['All'], value: ['$__all'] })
  );
}

function panelOf(spec: PanelSpec, id: number): Builder<Panel> {
  const kinds = { stat, lines, bars, states };
  const panel = kinds[spec.kind](spec)
    .id(id)
    .title(spec.title)
    .description(descriptionOf(spec))
    .datasource(DATASOURCE)
    .height(HEIGHT[spec.kind])
    .span(spec.width)
    .unit(spec.unit)
    .noValue('none')
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps((spec.steps ?? PLAIN).map(step)))
    .mappings(mappings(spec))
    .targets(spec.queries.map((query, i) => target(spec, query, i)));
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.leadsTo !== undefined) panel.links([linkTo(spec.leadsTo)]);
  return panel;
}

const step = ({ from, color }: { from: number | null; color: string }) => ({ value: from, color });

function target({ kind }: PanelSpec, { expr, legend }: PanelSpec['queries'][number], index: number): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .datasource(DATASOURCE)
    .expr(expr)
    .legendFormat(legend);
  // What shows the latest value alone needs no range.
  return kind === 'stat' || kind === 'bars' ? query.instant() : query.range();
}

function mappings({ words }: PanelSpec): ValueMapping[] {
  return words === undefined ? [] : [{ type: MappingType.ValueToText, options: { ...words } }];
}

const latest = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false);
const byThresholds = () => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
const tooltip = () => new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);

function stat(_: PanelSpec) {
  return new StatBuilder()
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto)
    .orientation(VizOrientation.Auto)
    .colorScheme(byThresholds())
    .reduceOptions(latest());
}

function bars(_: PanelSpec) {
  return new BarsBuilder()
    .min(0)
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .colorScheme(byThresholds())
    .reduceOptions(latest());
}

function lines({ steps, stacked }: PanelSpec) {
  const mode = steps === undefined || steps.length < 2 ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed;
  return new LinesBuilder()
    .min(0)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 10)
    .gradientMode(GraphGradientMode.None)
    .showPoints(VisibilityMode.Auto)
    .stacking(new StackingConfigBuilder().group('A').mode(stacked ? StackingMode.Normal : StackingMode.None))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(mode))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(tooltip());
}

function states(_: PanelSpec) {
  return new StatesBuilder()
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .colorScheme(byThresholds())
    .legend(new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).showLegend(true).calcs([]))
    .tooltip(tooltip());
}

/** Sketch → Grafana's JSON, by Grafana's own types. */
import {
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
  type DataSourceRef,
} from '@grafana/grafana-foundation-sdk/common';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
  type GridPos,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as GaugePanel } from '@grafana/grafana-foundation-sdk/gauge';
import {
  CellValuesBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as HeatmapPanel,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TrendPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { gridOf } from './grid.js';
import type { AnnotationSketch, DashboardSketch, PanelSketch, VariableSketch } from './sketch.js';

/** Whichever Prometheus the reader chooses. */
const source: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

export function renderDashboard(sketch: DashboardSketch): string {
  const builder = new DashboardBuilder(sketch.title)
    .uid(sketch.uid)
    .description(sketch.description)
    .tags(['holdpoint'])
    .timezone('utc')
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const variable of sketch.variables) builder.withVariable(drawVariable(variable));
  for (const annotation of sketch.annotations) builder.annotation(drawAnnotation(annotation));
  const grid = gridOf(sketch.panels.map(({ show }) => show));
  sketch.panels.forEach((panel, index) => {
    builder.withPanel(placed(drawPanel(panel), index + 1, grid[index]));
  });
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

function drawVariable({ name, query, several }: VariableSketch): QueryVariableBuilder {
  const drawn = new QueryVariableBuilder(name)
    .datasource(source)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
  if (!several) return drawn;
  return drawn.multi(true).includeAll(true).allValue('.*').current({ text: 'All', value: '$__all' });
}

const drawAnnotation = ({ name, expr, title, colour }: AnnotationSketch) =>
  new AnnotationQueryBuilder()
    .name(name)
    .datasource(source)
    .enable(true)
    .iconColor(colour)
    .expr(expr)
    .step('30s')
    .titleFormat(title);

type Panel = GaugePanel | HeatmapPanel | StatPanel | TrendPanel;

function placed(panel: Panel, id: number, at: GridPos | undefined): Panel {
  return at === undefined ? panel.id(id) : panel.id(id).gridPos(at);
}

function drawPanel(panel: PanelSketch): Panel {
  const { title, description, unit, queries } = panel;
  const drawn = emptyPanel(panel)
    .title(title)
    .description(description)
    .unit(unit)
    .noValue('no data')
    .datasource(source);
  queries.forEach(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .refId(String.fromCodePoint(65 + index))
      .datasource(source)
      .expr(expr)
      .legendFormat(legend);
    if (panel.show === 'distribution') query.format(PromQueryFormat.Heatmap);
    drawn.withTarget(panel.show === 'trend' || panel.show === 'distribution' ? query.range() : query.instant());
  });
  return drawn;
}

/** Its sort, with the objective's lines. */
function emptyPanel(panel: PanelSketch): Panel {
  const last = new ReduceDataOptionsBuilder().calcs(['lastNotNull']);
  switch (panel.show) {
    case 'gauge':
      return bounded(new GaugePanel().reduceOptions(last), panel).thresholds(thresholds(panel));
    case 'stat':
      return new StatPanel()
        .reduceOptions(last)
        .textMode(panel.names === true ? BigValueTextMode.Name : BigValueTextMode.Auto)
        .graphMode(BigValueGraphMode.None)
        .thresholds(thresholds(panel));
    case 'distribution':
      return new HeatmapPanel()
        .calculate(false)
        .yAxis(new YAxisConfigBuilder().unit(panel.unit))
        .cellValues(new CellValuesBuilder().unit('cps'))
        .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Blues').steps(64));
    case 'trend': {
      const mode = panel.steps.length > 0 ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off;
      return bounded(new TrendPanel().fillOpacity(5).spanNulls(false), panel)
        .legend(new VizLegendOptionsBuilder().showLegend(true))
        .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
        .thresholds(thresholds(panel))
        .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(mode));
    }
  }
}

/** A good share is looked at from near. */
function bounded<P extends GaugePanel | TrendPanel>(drawn: P, { show, unit, steps, ends }: PanelSketch): P {
  if (ends === undefined) return drawn.min(0) as P;
  if (unit !== 'percentunit') return drawn.min(0).max(ends) as P;
  if (show === 'gauge') {
    const limit = steps[1]?.from ?? 0;
    return drawn.min(Math.max(0, Number((1 - 5 * (1 - limit)).toPrecision(6)))).max(ends) as P;
  }
  return drawn.max(ends) as P;
}

const thresholds = ({ steps }: PanelSketch): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(
      steps.length === 0
        ? [{ value: null, color: 'green' }]
        : steps.map(({ from, colour }) => ({ value: from, color: colour })),
    );

package org.dl4jgn.bench.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.style;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import j2html.tags.specialized.TableTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One page with everything in it: who won, and for each problem charts, tables, settings. */
public final class HtmlReport {

    private static final int SGN = ResultTable.HEADER.indexOf("sgn: s, verdict");
    private static final int EGN = ResultTable.HEADER.indexOf("egn: s, verdict");

    private static final String STYLE = """
            body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 1380px; margin: 1em auto; padding: 0 0.8em; }
            h1 { font-size: 1.6em; } h2 { margin-top: 2em; border-bottom: 2px solid #ddd; }
            table { border-collapse: collapse; margin: 1em 0; font-size: 0.82em; width: 100%; }
            th, td { padding: 0.3em 0.4em; border-bottom: 1px solid #ddd; text-align: right; vertical-align: top; }
            th { background: #f4f4f4; } th:first-child, td:first-child { text-align: left; }
            td.win { font-weight: bold; background: #eaf5ea; } td.loss { background: #faeeee; }
            .charts { display: flex; flex-wrap: wrap; gap: 0.6em; }
            .charts img { flex: 1 1 40%; min-width: min(100%, 340px); max-width: 680px; height: auto; }
            details { margin: 0.6em 0; } summary { cursor: pointer; color: #0062a2; }
            code { background: #f4f4f4; padding: 0.1em 0.3em; overflow-wrap: anywhere; white-space: normal; }
            .wide { overflow-x: auto; } .wide table { min-width: 60em; } .note { color: #555; }
            @media (max-width: 500px) { body { font-size: 15px; } }
            """;

    private final Comparison comparison;

    private HtmlReport(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * Reads a folder of results.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static HtmlReport of(Path results) throws IOException {
        return new HtmlReport(Comparison.of(results));
    }

    /** Writes the charts beside the runs, and the page. */
    public Path write() throws IOException {
        Path page = comparison.results().resolve("report.html");
        List<DomContent> sections = new ArrayList<>();
        for (Standings s : comparison.standings()) {
            sections.add(new ProblemSection(comparison, s).html());
        }
        String text = document(html(
                        head(
                                meta().withCharset("utf-8"),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                title("SGN and EGN for DL4J: benchmarks"),
                                style(rawHtml(STYLE))),
                        body(
                                h1("SGN and EGN for Deeplearning4j: benchmarks"),
                                p(comparison.protocol()),
                                h2("Who won"),
                                p(ResultTable.LEGEND).withClass("note"),
                                div(overview()).withClass("wide"),
                                p(comparison.score()),
                                robustness(),
                                each(sections, s -> s)))
                .withLang("en"));
        Files.writeString(page, text);
        Files.writeString(comparison.results().resolve("README.md"), new MarkdownReport(comparison).text());
        return page;
    }

    private TableTag overview() throws IOException {
        return table(
                thead(tr(each(ResultTable.HEADER, name -> th(name)))),
                tbody(each(
                        new ResultTable(comparison).rows(),
                        row -> tr(
                                td(a(row.problem()).withHref("#" + row.problem())),
                                each(
                                        IntStream.range(1, ResultTable.HEADER.size())
                                                .boxed()
                                                .toList(),
                                        i -> td(row.cells().get(i))
                                                .withClass(
                                                        shade(i == SGN ? row.sgn() : i == EGN ? row.egn() : null)))))));
    }

    private static String shade(@Nullable Outcome outcome) {
        return outcome == Outcome.WIN ? "win" : outcome == Outcome.LOSS ? "loss" : "";
    }

    /** The spread of the ends over the settings, in one table for all problems. */
    private DomContent robustness() throws IOException {
        Map<String, Map<String, Robustness>> byProblem = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        for (Standings s : comparison.standings()) {
            for (Robustness family : Robustness.of(Group.of(comparison.runs(s.problem())), s.measure())) {
                byProblem
                        .computeIfAbsent(s.problem(), problem -> new LinkedHashMap<>())
                        .put(family.name(), family);
                names.add(family.name());
            }
        }
        if (byProblem.isEmpty()) {
            return p("How much a setting matters was not run (run PROBLEM --robustness).")
                    .withClass("note");
        }
        return div(
                h2("How much a setting matters"),
                p(Robustness.LEGEND).withClass("note"),
                div(table(
                                thead(tr(th("problem"), each(names, name -> th(name)))),
                                tbody(each(
                                        byProblem.entrySet(),
                                        row -> tr(
                                                td(a(row.getKey()).withHref("#" + row.getKey())),
                                                each(
                                                        names,
                                                        name -> td(Optional.ofNullable(row.getValue()
                                                                        .get(name))
                                                                .map(HtmlReport::spread)
                                                                .orElse("not run"))))))))
                        .withClass("wide"));
    }

    private static String spread(Robustness family) {
        return Figures.times(family.worstOverBest())
                + (family.lost().isEmpty() ? "" : " (" + family.lost().size() + ")");
    }

    /** Who won, a line for each problem, as text. */
    public String summaryText() throws IOException {
        return new ResultTable(comparison).text() + comparison.score();
    }

    /** The table of all problems as Markdown, for a README. */
    public String markdownTable() throws IOException {
        return new ResultTable(comparison).markdown();
    }

    /** How long each optimizer takes to losses, as Markdown. */
    public String levelTable(List<Double> levels) {
        return new LevelTable(comparison, levels).markdown();
    }
}

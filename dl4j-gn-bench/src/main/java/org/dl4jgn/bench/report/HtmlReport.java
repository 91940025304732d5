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
import java.util.List;
import java.util.Optional;

/** One page with everything in it: who won, and for each problem charts, tables, settings. */
public final class HtmlReport {

    private static final String STYLE = """
            body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 1180px; margin: 2em auto; padding: 0 1em; }
            h1 { font-size: 1.7em; } h2 { margin-top: 2.2em; border-bottom: 2px solid #ddd; }
            table { border-collapse: collapse; margin: 1em 0; font-size: 0.85em; }
            th, td { padding: 0.3em 0.5em; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap; }
            th { background: #f4f4f4; } th:first-child, td:first-child { text-align: left; }
            td.win { font-weight: bold; background: #eaf5ea; }
            img { max-width: 100%; display: block; margin: 0.6em 0; }
            details { margin: 0.6em 0; } summary { cursor: pointer; color: #0062a2; }
            code { background: #f4f4f4; padding: 0.1em 0.3em; overflow-wrap: anywhere; white-space: normal; }
            .wide { overflow-x: auto; } .note { color: #555; }
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
                                p("The target on each problem is the best value that any rival reaches on its way, by"
                                                + " its median run. Figures are medians over the seeds; a dash: not reached in"
                                                + " the budget. In brackets: how many times as fast as that rival.")
                                        .withClass("note"),
                                div(overview()).withClass("wide"),
                                p(comparison.score()),
                                robustness(),
                                each(sections, s -> s)))
                .withLang("en"));
        Files.writeString(page, text);
        Files.writeString(comparison.results().resolve("README.md"), new MarkdownReport(comparison).text());
        return page;
    }

    private TableTag overview() {
        return table(
                thead(tr(
                        th("problem"),
                        th("target"),
                        th("reached by"),
                        th("in s"),
                        th("sgn, s"),
                        th("egn, s"),
                        th("first by time"),
                        th("first by epochs"),
                        th("best at the end"))),
                tbody(each(
                        comparison.standings(),
                        s -> tr(
                                td(a(s.problem()).withHref("#" + s.problem())),
                                td(s.measure().label() + " " + Figures.three(s.target())),
                                td(Group.name(s.rival())),
                                td(Figures.seconds(s.secondsOfRival())),
                                own(s, "sgn"),
                                own(s, "egn"),
                                winner(s.byTime()),
                                winner(s.byEpochs()),
                                winner(s.byQuality())))));
    }

    /** The spread of the ends over the settings, in one table for all problems. */
    private DomContent robustness() throws IOException {
        List<DomContent> rows = new ArrayList<>();
        List<String> kinds = List.of("sgn", "egn", "sgd");
        for (Standings s : comparison.standings()) {
            List<Robustness> families = Robustness.of(Group.of(comparison.runs(s.problem())), s.measure());
            if (!families.isEmpty()) {
                rows.add(tr(
                        td(a(s.problem()).withHref("#" + s.problem())),
                        each(
                                kinds,
                                kind -> td(families.stream()
                                        .filter(f -> f.kind().equals(kind))
                                        .map(HtmlReport::spread)
                                        .findFirst()
                                        .orElse("–")))));
            }
        }
        if (rows.isEmpty()) {
            return p("The robustness over settings was not run (run PROBLEM --robustness).")
                    .withClass("note");
        }
        return div(
                h2("How much a setting matters"),
                p("Worst over best of the final values, by medians, over k = 2 to 20 of SGN, λ = 0.001 to 10 of EGN and"
                                + " eight learning rates of SGD; in brackets how many of these end no better than they"
                                + " start.")
                        .withClass("note"),
                table(thead(tr(th("problem"), each(kinds, kind -> th(kind)))), tbody(each(rows, row -> row))));
    }

    private static String spread(Robustness family) {
        return Figures.times(family.worstOverBest())
                + (family.lost().isEmpty() ? "" : " (" + family.lost().size() + ")");
    }

    private static DomContent own(Standings s, String kind) {
        double seconds = s.secondsOf(kind);
        double factor = s.secondsOfRival() / seconds;
        String text = Figures.seconds(seconds);
        return td(Double.isFinite(seconds) && factor > 0 ? text + " (" + Figures.times(factor) + ")" : text)
                .withCondClass(factor > 1, "win");
    }

    private static DomContent winner(Optional<Group> group) {
        return td(Group.name(group))
                .withCondClass(group.filter(g -> !g.isRival()).isPresent(), "win");
    }

    /** Who won, a line for each problem, as text. */
    public String summaryText() {
        StringBuilder text = new StringBuilder(String.format(
                "%-20s %-22s %-18s %8s %8s %8s  %-14s %-14s %-14s%n",
                "problem", "target", "reached by", "in s", "sgn, s", "egn, s", "by time", "by epochs", "at the end"));
        for (Standings s : comparison.standings()) {
            text.append(String.format(
                    "%-20s %-22s %-18s %8s %8s %8s  %-14s %-14s %-14s%n",
                    s.problem(),
                    s.measure().label() + " " + Figures.three(s.target()),
                    Group.name(s.rival()),
                    Figures.seconds(s.secondsOfRival()),
                    Figures.seconds(s.secondsOf("sgn")),
                    Figures.seconds(s.secondsOf("egn")),
                    Group.name(s.byTime()),
                    Group.name(s.byEpochs()),
                    Group.name(s.byQuality())));
        }
        return text + comparison.score();
    }
}

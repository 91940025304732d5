package org.dl4jgn.bench.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.code;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.img;
import static j2html.TagCreator.li;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.style;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.TableTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Machine;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.RunStore;
import org.dl4jgn.bench.run.TunedSettings;

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

    /** The problems on which the count against Adam and SGD is made. */
    private static final List<String> NINE = List.of(
            "boston",
            "sine",
            "sine_100",
            "mnist",
            "fashion-mnist",
            "cifar10",
            "california-housing",
            "superconduct",
            "diamonds");

    private static final Set<String> FIRST_ORDER = Set.of("sgd", "adam");

    private final Path results;
    private final Map<String, Standings> standings = new LinkedHashMap<>();
    private final Map<String, RunStore> stores = new LinkedHashMap<>();

    private HtmlReport(Path results) {
        this.results = results;
    }

    /**
     * Reads a folder of results.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static HtmlReport of(Path results) throws IOException {
        HtmlReport report = new HtmlReport(results);
        for (String problem : RunStore.problems(results)) {
            RunStore store = RunStore.open(results, problem);
            List<RunRecord> runs =
                    store.runs().stream().filter(run -> run.curve().size() > 1).toList();
            if (!runs.isEmpty()) {
                report.stores.put(problem, store);
                report.standings.put(problem, Standings.of(problem, runs));
            }
        }
        if (report.standings.isEmpty()) {
            throw new IllegalArgumentException("There are no runs in " + results + ": \"run\" makes them");
        }
        return report;
    }

    /** Writes the charts beside the runs, and the page. */
    public Path write() throws IOException {
        Path page = results.resolve("report.html");
        List<DomContent> sections = new ArrayList<>();
        for (Standings s : standings.values()) {
            sections.add(problem(s));
        }
        String text = document(html(
                        head(
                                meta().withCharset("utf-8"),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                title("SGN and EGN for DL4J: benchmarks"),
                                style(rawHtml(STYLE))),
                        body(
                                h1("SGN and EGN for Deeplearning4j: benchmarks"),
                                p(intro()),
                                h2("Who won"),
                                p("The target on each problem is the best value that any rival reaches on its way, by"
                                                + " its median run. Figures are medians over the seeds; a dash: not reached in"
                                                + " the budget. In brackets: how many times as fast as that rival.")
                                        .withClass("note"),
                                div(overview()).withClass("wide"),
                                p(score()),
                                robustness(),
                                each(sections, s -> s)))
                .withLang("en"));
        Files.writeString(page, text);
        Files.writeString(results.resolve("README.md"), markdown());
        return page;
    }

    private String intro() {
        Set<Machine> machines = new LinkedHashSet<>();
        Set<Double> warmUps = new LinkedHashSet<>();
        stores.values()
                .forEach(store -> store.runs().forEach(run -> {
                    machines.add(run.machine());
                    warmUps.add(run.warmUpSeconds());
                }));
        String where = machines.stream()
                .map(m -> m.cpu() + ", " + m.cores() + " cores, " + m.memoryGb() + " GB, " + m.os() + ", " + m.java()
                        + ", DL4J " + m.dl4j() + ", " + m.backend() + " with " + m.threads() + " thread(s)")
                .collect(Collectors.joining("; "));
        return "Seconds are of training alone: the clock runs within fit(DataSet) only, not while data are shuffled or"
                + " the network is evaluated, and every optimizer gets the same batches through the same call. Before,"
                + " each trained another network for "
                + warmUps.stream().map(String::valueOf).collect(Collectors.joining(" or "))
                + " s, so that the JVM had compiled what it uses. Measured on " + where + ".";
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
                        standings.values(),
                        s -> tr(
                                td(a(s.problem()).withHref("#" + s.problem())),
                                td(s.measure().label() + " " + Figures.three(s.target())),
                                td(name(s.rival())),
                                td(Figures.seconds(rivalSeconds(s))),
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
        for (Standings s : standings.values()) {
            List<Robustness> families = Robustness.of(Group.of(runs(s.problem())), s.measure());
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
        return Figures.times(ratio(family))
                + (family.lost().isEmpty() ? "" : " (" + family.lost().size() + ")");
    }

    private List<RunRecord> runs(String problem) {
        RunStore store = stores.get(problem);
        return store == null ? List.of() : store.runs();
    }

    private static double rivalSeconds(Standings s) {
        return s.rival().map(s::secondsToTarget).orElse(Double.NaN);
    }

    private static DomContent own(Standings s, String kind) {
        double seconds = s.own(kind).map(s::secondsToTarget).orElse(Double.NaN);
        double factor = rivalSeconds(s) / seconds;
        String text = Figures.seconds(seconds);
        return td(Double.isFinite(seconds) && factor > 0 ? text + " (" + Figures.times(factor) + ")" : text)
                .withCondClass(factor > 1, "win");
    }

    private static DomContent winner(Optional<Group> group) {
        return td(name(group)).withCondClass(group.filter(g -> !g.isRival()).isPresent(), "win");
    }

    private static String name(Optional<Group> group) {
        return group.map(Group::optimizer).orElse("–");
    }

    private String score() {
        List<Standings> all =
                standings.values().stream().filter(s -> s.rival().isPresent()).toList();
        List<Standings> supervised = NINE.stream()
                .filter(standings::containsKey)
                .map(name -> Standings.of(name, runs(name), group -> FIRST_ORDER.contains(group.kind())))
                .toList();
        return "sgn gets to the best rival's best sooner than that rival on " + sooner(all, "sgn") + ", egn on "
                + sooner(all, "egn") + ", one or the other on " + sooner(all, "sgn", "egn") + " of " + all.size()
                + " problems with rivals."
                + (supervised.isEmpty()
                        ? ""
                        : " With adam and sgd alone for rivals: sgn on " + sooner(supervised, "sgn") + ", egn on "
                                + sooner(supervised, "egn") + ", one or the other on "
                                + sooner(supervised, "sgn", "egn")
                                + " of the papers' 9 supervised problems (imdb apart)"
                                + (supervised.size() < NINE.size()
                                        ? ", of which " + supervised.size() + " were run."
                                        : "."));
    }

    private static long sooner(List<Standings> all, String... kinds) {
        return all.stream().filter(s -> Stream.of(kinds).anyMatch(s::isSooner)).count();
    }

    private DomContent problem(Standings s) throws IOException {
        RunStore store = stores.get(s.problem());
        if (store == null) {
            throw new IllegalStateException(s.problem());
        }
        RunRecord any = s.groups().get(0).runs().get(0);
        List<DomContent> pictures = new ArrayList<>();
        for (Measure measure : charted(any)) {
            pictures.add(picture(store, chartName(measure), Charts.curves(s.problem(), s.groups(), measure)));
        }
        List<Group> all = Group.of(store.runs());
        List<Robustness> families = Robustness.of(all, s.measure());
        Optional<byte[]> robustness = Charts.robustness(s.problem(), families, s.measure());
        if (robustness.isPresent()) {
            pictures.add(p("How much the setting matters: " + spreads(families)));
            pictures.add(picture(store, "robustness.png", robustness.get()));
        }
        return section(
                        h2(s.problem()),
                        ul(each(any.notes(), note -> li(note)), li(setting(any))),
                        each(Verdict.of(s), sentence -> p(sentence)),
                        div(ranking(s, s.groups())).withClass("wide"),
                        each(pictures, picture -> picture),
                        details(
                                summary("All settings that were run, and what they are"),
                                div(ranking(s, all)).withClass("wide"),
                                ul(each(
                                        all,
                                        group -> li(
                                                code(group.optimizer()),
                                                rawHtml(" "),
                                                code(group.runs()
                                                        .get(0)
                                                        .settings()
                                                        .toString()))))),
                        tuning(s.problem()))
                .withId(s.problem());
    }

    private static String setting(RunRecord run) {
        return "batch " + run.batch() + ", " + run.type() + ", budget " + run.budget() + ", files: "
                + (run.files().isEmpty()
                        ? "none"
                        : run.files().stream().map(file -> file.name()).collect(Collectors.joining(", ")));
    }

    private static List<Measure> charted(RunRecord run) {
        return run.measures().stream().filter(m -> m != Measure.TEST_RMSE).toList();
    }

    private static DomContent picture(RunStore store, String name, byte[] png) throws IOException {
        Files.write(store.folder().resolve(name), png);
        return img().withSrc("data:image/png;base64," + Base64.getEncoder().encodeToString(png))
                .withAlt(store.folder().getFileName() + " " + name);
    }

    private static String spreads(List<Robustness> families) {
        return families.stream()
                .map(f -> f.kind() + " over " + f.setting() + " = "
                        + Figures.three(f.values().length == 0 ? Double.NaN : f.values()[0]) + " to "
                        + Figures.three(f.values().length == 0 ? Double.NaN : f.values()[f.values().length - 1])
                        + ": the worst median is " + Figures.times(ratio(f)) + " the best"
                        + (f.lost().isEmpty() ? "" : ", and it ends no better than it starts with " + f.lost()))
                .collect(Collectors.joining("; "));
    }

    private static double ratio(Robustness family) {
        double min = java.util.Arrays.stream(family.median()).min().orElse(Double.NaN);
        double max = java.util.Arrays.stream(family.median()).max().orElse(Double.NaN);
        return max / min;
    }

    private TableTag ranking(Standings s, List<Group> groups) {
        List<Measure> measures = groups.get(0).runs().get(0).measures();
        String target = s.measure().label() + " " + Figures.three(s.target());
        return table(
                thead(tr(
                        th("optimizer"),
                        th("seeds"),
                        th("s to " + target),
                        th("epochs to it"),
                        th("runs that get there"),
                        th("best " + s.measure().label()),
                        each(measures, m -> th("final " + m.label())),
                        th("ms a step"),
                        th("epochs"),
                        th("seconds"))),
                tbody(each(
                        groups,
                        g -> tr(
                                td(g.optimizer()
                                        + (g.isTuned() ? " (tuned)" : "")
                                        + (g.lost() > 0 ? ", " + g.lost() + " not to the end" : "")),
                                td(Integer.toString(g.runs().size())),
                                td(Figures.seconds(s.secondsToTarget(g)))
                                        .withCondClass(
                                                s.byTime().filter(g::equals).isPresent(), "win"),
                                td(Figures.epochs(s.epochsToTarget(g)))
                                        .withCondClass(
                                                s.byEpochs().filter(g::equals).isPresent(), "win"),
                                td(g.reaching(s.measure(), s.target()) + " of "
                                        + g.runs().size()),
                                td(Figures.three(g.medianBest(s.measure()))),
                                each(measures, m -> td(g.last(m).toString())),
                                td(Figures.three(g.stepMillis())),
                                td(Figures.epochs(g.runs().get(0).last().epoch())),
                                td(Figures.seconds(g.runs().get(0).last().seconds()))))));
    }

    private DomContent tuning(String problem) throws IOException {
        Map<String, TunedSettings.Choice> choices =
                TunedSettings.open(results, problem).all();
        if (choices.isEmpty()) {
            return p("No optimizer was tuned on this problem.").withClass("note");
        }
        return details(
                summary("How the rivals were tuned"),
                ul(each(
                        choices.values(),
                        choice -> li(
                                code(choice.best()),
                                rawHtml(" of "),
                                rawHtml(choice.tried().stream()
                                        .map(t -> t.optimizer() + " " + Figures.three(t.value()))
                                        .collect(Collectors.joining(", "))),
                                rawHtml("; " + choice.measure() + ", " + choice.budget() + " each")))));
    }

    /** The page in short for those who browse the folder: who won, and for each problem notes, commands, table, charts. */
    private String markdown() throws IOException {
        StringBuilder text = new StringBuilder("# Results\n\n" + intro() + "\n\n")
                .append(
                        "More is in `report.html`, which is one file. Times are medians in seconds to the target, the best"
                                + " that any rival reaches by its median run; a dash: not reached.\n\n")
                .append("| problem | target | reached by | in s | sgn, s | egn, s | first by time | by epochs | best at"
                        + " the end |\n|---|---|---|---|---|---|---|---|---|\n");
        for (Standings s : standings.values()) {
            text.append(row(
                    "[" + s.problem() + "](#" + s.problem() + ")",
                    s.measure().label() + " " + Figures.three(s.target()),
                    name(s.rival()),
                    Figures.seconds(rivalSeconds(s)),
                    Figures.seconds(s.own("sgn").map(s::secondsToTarget).orElse(Double.NaN)),
                    Figures.seconds(s.own("egn").map(s::secondsToTarget).orElse(Double.NaN)),
                    name(s.byTime()),
                    name(s.byEpochs()),
                    name(s.byQuality())));
        }
        text.append("\n").append(score()).append("\n");
        for (Standings s : standings.values()) {
            markdown(s, text);
        }
        return text.toString();
    }

    private void markdown(Standings s, StringBuilder text) throws IOException {
        RunRecord any = s.groups().get(0).runs().get(0);
        text.append("\n## ").append(s.problem()).append("\n\n");
        any.notes().forEach(note -> text.append("- ").append(note).append("\n"));
        text.append("- ").append(setting(any)).append("\n\n");
        List<String> commands = RunStore.open(results, s.problem()).commands();
        if (!commands.isEmpty()) {
            text.append("```\n");
            commands.forEach(
                    command -> text.append("dl4j-gn-bench ").append(command).append("\n"));
            text.append("```\n\n");
        }
        Verdict.of(s).forEach(sentence -> text.append(sentence).append("\n\n"));
        text.append("| optimizer | seeds | s to target | epochs to it | best | final, mean (range) | ms a step |\n")
                .append("|---|---|---|---|---|---|---|\n");
        for (Group g : s.groups()) {
            text.append(row(
                    g.optimizer() + (g.isTuned() ? " (tuned)" : ""),
                    Integer.toString(g.runs().size()),
                    Figures.seconds(s.secondsToTarget(g)),
                    Figures.epochs(s.epochsToTarget(g)),
                    Figures.three(g.medianBest(s.measure())),
                    g.last(s.measure()).toString(),
                    Figures.three(g.stepMillis())));
        }
        text.append("\n");
        for (Measure measure : charted(any)) {
            text.append("![](")
                    .append(s.problem())
                    .append('/')
                    .append(chartName(measure))
                    .append(")\n");
        }
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String chartName(Measure measure) {
        return "by-" + measure.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ".png";
    }

    /** Who won, a line for each problem, as text. */
    public String summaryText() {
        StringBuilder text = new StringBuilder(String.format(
                "%-20s %-22s %-18s %8s %8s %8s  %-14s %-14s %-14s%n",
                "problem", "target", "reached by", "in s", "sgn, s", "egn, s", "by time", "by epochs", "at the end"));
        for (Standings s : standings.values()) {
            text.append(String.format(
                    "%-20s %-22s %-18s %8s %8s %8s  %-14s %-14s %-14s%n",
                    s.problem(),
                    s.measure().label() + " " + Figures.three(s.target()),
                    name(s.rival()),
                    Figures.seconds(rivalSeconds(s)),
                    Figures.seconds(s.own("sgn").map(s::secondsToTarget).orElse(Double.NaN)),
                    Figures.seconds(s.own("egn").map(s::secondsToTarget).orElse(Double.NaN)),
                    name(s.byTime()),
                    name(s.byEpochs()),
                    name(s.byQuality())));
        }
        return text + score();
    }
}

package org.dl4jgn.bench.report;

import static j2html.TagCreator.code;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.img;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.TableTag;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.RunStore;
import org.dl4jgn.bench.run.TunedSettings;

/**
 * What the page has on one problem: how it was run, who won, charts, all settings, how rivals were tuned.
 *
 * @param comparison with the other problems
 * @param s of this one
 */
record ProblemSection(Comparison comparison, Standings s) {

    /** Writes the charts beside the runs, and returns the section, with the charts in it. */
    DomContent html() throws IOException {
        RunStore store = comparison.store(s.problem());
        RunRecord any = s.anyRun();
        List<DomContent> pictures = new ArrayList<>();
        for (Measure measure : s.charted()) {
            for (String axis : Charts.AXES) {
                pictures.add(picture(store, Charts.fileName(measure, axis), Charts.curves(s, measure, axis)));
            }
        }
        List<Group> all = Group.of(store.runs());
        List<Robustness> families = Robustness.of(all, s.measure());
        List<DomContent> sweeps = new ArrayList<>();
        if (!families.isEmpty()) {
            List<DomContent> charts = new ArrayList<>();
            for (Robustness family : families) {
                byte[] png = Charts.robustness(s.problem(), family, families, s.measure());
                charts.add(picture(store, Charts.fileName(family), png));
            }
            sweeps.add(p("How much a setting matters: " + spreads(families)));
            sweeps.add(div(each(charts, chart -> chart)).withClass("charts"));
        }
        return section(
                        h2(s.problem()),
                        ul(each(any.notes(), note -> li(note)), li(s.protocol())),
                        each(Verdict.of(s), sentence -> p(sentence)),
                        div(ranking(s.groups())).withClass("wide"),
                        div(each(pictures, picture -> picture)).withClass("charts"),
                        each(sweeps, sweep -> sweep),
                        details(
                                summary("All settings that were run, and what they are"),
                                div(ranking(all)).withClass("wide"),
                                ul(each(
                                        all,
                                        group -> li(
                                                code(group.optimizer()),
                                                rawHtml(" "),
                                                code(group.runs()
                                                        .get(0)
                                                        .settings()
                                                        .toString()))))),
                        tuning())
                .withId(s.problem());
    }

    private static DomContent picture(RunStore store, String name, byte[] png) throws IOException {
        Files.write(store.folder().resolve(name), png);
        return img().withSrc("data:image/png;base64," + Base64.getEncoder().encodeToString(png))
                .withAlt(store.folder().getFileName() + " " + name);
    }

    private static String spreads(List<Robustness> families) {
        return families.stream()
                .map(f -> f.name() + " from 0.01 to 100 times its default: the worst median is "
                        + Figures.times(f.worstOverBest()) + " the best"
                        + (f.lost().isEmpty() ? "" : ", and it ends no better than it starts with " + f.lost()))
                .collect(Collectors.joining("; "));
    }

    private TableTag ranking(List<Group> groups) {
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
                                td(g.title() + (g.lost() > 0 ? ", " + g.lost() + " not to the end" : "")),
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

    private DomContent tuning() throws IOException {
        Map<String, TunedSettings.Choice> choices =
                TunedSettings.open(comparison.results(), s.problem()).all();
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
                                        .map(t -> t.optimizer() + " (" + t.budget() + ") " + Figures.three(t.value()))
                                        .collect(Collectors.joining(", "))),
                                rawHtml("; " + choice.measure() + ", last rung " + choice.budget() + ", seed "
                                        + choice.seed() + ", " + Figures.seconds(choice.seconds())
                                        + " s of training in all")))));
    }
}

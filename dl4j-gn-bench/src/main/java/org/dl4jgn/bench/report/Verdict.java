package org.dl4jgn.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dl4jgn.bench.problem.Measure;

/** What SGN and EGN did against the best rival, in sentences, with the two factors that time is made of. */
final class Verdict {

    private Verdict() {}

    static List<String> of(Standings s) {
        List<String> sentences = new ArrayList<>();
        s.rival().ifPresent(rival -> {
            for (String kind : List.of("sgn", "egn")) {
                s.own(kind).ifPresent(own -> sentences.add(sentence(s, own, rival)));
            }
        });
        return sentences;
    }

    private static String sentence(Standings s, Group own, Group rival) {
        Measure measure = s.measure();
        double seconds = s.secondsToTarget(own);
        double theirs = s.secondsToTarget(rival);
        String target = measure.label() + " " + Figures.three(s.target()) + ", the best of " + rival.optimizer();
        String step = String.format(
                Locale.ROOT,
                "a step of it takes %.2g times as long as one of %s",
                own.stepMillis() / rival.stepMillis(),
                rival.optimizer());
        if (!Double.isFinite(seconds)) {
            return own.optimizer() + " does not reach " + target + ": " + own.reaching(measure, s.target()) + " of "
                    + own.runs().size() + " runs get there, and the median run's best is "
                    + Figures.three(own.medianBest(measure)) + "; " + step + ".";
        }
        return String.format(
                Locale.ROOT,
                "%s reaches %s, after %s s, %s: %s, and it needs %.2g times the epochs.",
                own.optimizer(),
                target,
                Figures.seconds(seconds),
                seconds < theirs
                        ? Figures.times(theirs / seconds) + " as fast"
                        : Figures.times(seconds / theirs) + " as long",
                step,
                s.epochsToTarget(own) / s.epochsToTarget(rival));
    }
}

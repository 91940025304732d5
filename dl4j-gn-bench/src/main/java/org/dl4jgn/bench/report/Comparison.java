package org.dl4jgn.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.dl4jgn.bench.run.Machine;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.RunStore;

/** A folder of results, read: who won on each problem, on how many problems, and how it was measured. */
final class Comparison {

    /** Those that have examples with labels. */
    private static final List<String> SUPERVISED = List.of(
            "boston",
            "sine",
            "sine_100",
            "mnist",
            "fashion-mnist",
            "cifar10",
            "california-housing",
            "superconduct",
            "diamonds",
            "imdb");

    private final Path results;
    private final Map<String, Standings> standings = new LinkedHashMap<>();
    private final Map<String, RunStore> stores = new LinkedHashMap<>();

    private Comparison(Path results) {
        this.results = results;
    }

    /**
     * Reads a folder of results.
     *
     * @throws IllegalArgumentException if there are none
     */
    static Comparison of(Path results) throws IOException {
        Comparison comparison = new Comparison(results);
        for (String problem : RunStore.problems(results)) {
            RunStore store = RunStore.open(results, problem);
            List<RunRecord> runs =
                    store.runs().stream().filter(run -> run.curve().size() > 1).toList();
            if (!runs.isEmpty()) {
                comparison.stores.put(problem, store);
                comparison.standings.put(problem, Standings.of(problem, runs));
            }
        }
        if (comparison.standings.isEmpty()) {
            throw new IllegalArgumentException("There are no runs in " + results + ": \"run\" makes them");
        }
        return comparison;
    }

    /** The folder. */
    Path results() {
        return results;
    }

    /** One for each problem that has runs. */
    List<Standings> standings() {
        return List.copyOf(standings.values());
    }

    /** The runs of a problem that has some, and its folder. */
    RunStore store(String problem) {
        RunStore store = stores.get(problem);
        if (store == null) {
            throw new IllegalStateException(problem);
        }
        return store;
    }

    /** All runs of a problem. */
    List<RunRecord> runs(String problem) {
        return store(problem).runs();
    }

    /** How it was measured, and on what, in sentences. */
    String protocol() {
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

    /** On how many problems SGN and EGN win, tie and lose, in sentences. */
    String score() {
        List<Standings> ten = SUPERVISED.stream()
                .filter(standings::containsKey)
                .map(name -> Objects.requireNonNull(standings.get(name)))
                .toList();
        List<Standings> others = standings.values().stream()
                .filter(s -> !SUPERVISED.contains(s.problem()))
                .toList();
        return sentence("supervised problems of the papers", SUPERVISED.size(), ten)
                + (others.isEmpty() ? "" : " " + sentence("other problems", others.size(), others));
    }

    private static String sentence(String of, int planned, List<Standings> some) {
        return "Of " + some.size() + " " + of
                + (some.size() < planned ? " (" + planned + " there are)" : "")
                + ", against the best tuned rival of each: sgn " + counts(some, "sgn") + "; egn " + counts(some, "egn")
                + "; one or the other wins on " + count(some, s -> best(s) == Outcome.WIN)
                + ", in a third of the rival's time or less on "
                + count(some, s -> isThreeTimes(s, "sgn") || isThreeTimes(s, "egn")) + ".";
    }

    private static String counts(List<Standings> some, String kind) {
        return count(some, s -> s.outcome(kind) == Outcome.WIN) + " won, "
                + count(some, s -> s.outcome(kind) == Outcome.TIE) + " tied, "
                + count(some, s -> s.outcome(kind) == Outcome.LOSS) + " lost, "
                + count(some, s -> s.outcome(kind) == Outcome.NO_TARGET) + " without a target, "
                + count(some, s -> s.outcome(kind) == Outcome.NOT_RUN) + " not run";
    }

    private static Outcome best(Standings s) {
        return s.outcome("sgn").compareTo(s.outcome("egn")) < 0 ? s.outcome("sgn") : s.outcome("egn");
    }

    private static boolean isThreeTimes(Standings s, String kind) {
        return s.outcome(kind) == Outcome.WIN && s.factor(kind) >= 3;
    }

    private static long count(List<Standings> some, Predicate<Standings> condition) {
        return some.stream().filter(condition).count();
    }
}

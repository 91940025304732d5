package org.dl4jgn.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jgn.bench.run.Machine;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.RunStore;

/** A folder of results, read: who won on each problem, on how many problems, and how it was measured. */
final class Comparison {

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

    /** On how many problems SGN and EGN win by time, in sentences. */
    String score() {
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
}

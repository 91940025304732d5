package org.dl4jgn.bench.paper;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVRecord;

/** Curves of the SGN authors' own runs; the file tells where they come from. */
public final class PublishedCurves {

    /** The epochs that are kept. */
    public static final List<Integer> EPOCHS = List.of(1, 2, 5, 10, 25, 50, 100);

    /** The measure that all curves have; others are {@code test_loss} and {@code test_accuracy}. */
    public static final String TRAIN_LOSS = "train_loss";

    /**
     * One curve.
     *
     * @param problem as the tool names it
     * @param measure what was measured
     * @param optimizer as the authors name it: SGN(10), SGD(0.1)
     */
    public record Curve(String problem, String measure, String optimizer) {}

    private final Map<Curve, Map<Integer, Spread>> curves = new LinkedHashMap<>();

    /** Reads them. */
    public PublishedCurves() throws IOException {
        for (CSVRecord row : Resource.rows("published-curves.csv")) {
            Curve curve = new Curve(row.get("problem"), row.get("measure"), row.get("optimizer"));
            curves.computeIfAbsent(curve, c -> new LinkedHashMap<>())
                    .put(
                            Integer.valueOf(row.get("epoch")),
                            new Spread(
                                    Resource.number(row, "min"),
                                    Resource.number(row, "mean"),
                                    Resource.number(row, "max")));
        }
    }

    /** All curves of a problem. */
    public List<Curve> of(String problem) {
        return curves.keySet().stream()
                .filter(curve -> curve.problem().equals(problem))
                .toList();
    }

    /** A point of a curve. */
    public Optional<Spread> at(Curve curve, int epoch) {
        return Optional.ofNullable(curves.getOrDefault(curve, Map.of()).get(epoch));
    }

    /** The authors' train loss. */
    public Optional<Spread> trainLoss(String problem, String optimizer, int epoch) {
        return at(new Curve(problem, TRAIN_LOSS, optimizer), epoch);
    }
}

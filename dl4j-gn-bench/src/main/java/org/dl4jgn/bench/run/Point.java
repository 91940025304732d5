package org.dl4jgn.bench.run;

import java.util.Map;
import org.dl4jgn.bench.problem.Measure;

/**
 * What was measured at a moment of a run.
 *
 * @param epoch passes through the data
 * @param step steps taken
 * @param seconds training time
 * @param values of the measures
 */
public record Point(double epoch, long step, double seconds, Map<Measure, Double> values) {

    /** Whether a measure was taken: the training loss is that of steps, and there is none before the first. */
    public boolean has(Measure measure) {
        return values.containsKey(measure);
    }

    /** A measure; NaN if it was not taken. */
    public double value(Measure measure) {
        Double value = values.get(measure);
        return value == null ? Double.NaN : value;
    }
}

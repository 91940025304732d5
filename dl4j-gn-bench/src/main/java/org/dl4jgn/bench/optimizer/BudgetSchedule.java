package org.dl4jgn.bench.optimizer;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that ends with the budget. In step i = 0, 1, ... of n, from a first rate η₀:
 *
 * <pre>
 *     cosine    η₀ (1 + cos(π i / n)) / 2
 *     step      η₀,  η₀ / 10 from i = n/2 on,  η₀ / 100 from i = 3n/4 on
 * </pre>
 */
public final class BudgetSchedule implements ISchedule {

    private static final long serialVersionUID = 1L;
    private static final double DROP = 0.1;

    /** How it falls. */
    public enum Shape {
        /** Half a cosine, to zero. */
        COSINE,
        /** A tenth at the half, a hundredth at three quarters. */
        STEP
    }

    private final Shape shape;
    private final double rate;
    private final long steps;

    /**
     * For a budget.
     *
     * @param rate η₀
     * @param steps n, at least 1; after them the rate stays as it was in the last
     */
    public BudgetSchedule(
            @JsonProperty("shape") Shape shape, @JsonProperty("rate") double rate, @JsonProperty("steps") long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps of a schedule are " + steps + ", but must be at least 1");
        }
        this.shape = shape;
        this.rate = rate;
        this.steps = steps;
    }

    /** How it falls. */
    @JsonProperty("shape")
    public Shape shape() {
        return shape;
    }

    /** The first rate, η₀. */
    @JsonProperty("rate")
    public double rate() {
        return rate;
    }

    /** The steps of the budget, n. */
    @JsonProperty("steps")
    public long steps() {
        return steps;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        long i = Math.min(iteration, steps - 1);
        return switch (shape) {
            case COSINE -> rate * (1 + Math.cos(Math.PI * i / steps)) / 2;
            case STEP -> rate * (4 * i >= 3 * steps ? DROP * DROP : 2 * i >= steps ? DROP : 1);
        };
    }

    /** It is immutable. */
    @Override
    @SuppressWarnings("MissingSuperCall")
    public ISchedule clone() {
        return new BudgetSchedule(shape, rate, steps);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BudgetSchedule that && shape == that.shape && rate == that.rate && steps == that.steps;
    }

    @Override
    public int hashCode() {
        return Objects.hash(shape, rate, steps);
    }

    @Override
    public String toString() {
        return shape + "(rate=" + rate + ", steps=" + steps + ")";
    }
}

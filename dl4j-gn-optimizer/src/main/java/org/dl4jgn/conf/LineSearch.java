package org.dl4jgn.conf;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * How far to go along the direction.
 *
 * <p>A search decides on a {@link Ray}, the loss along the direction, and knows nothing else. What it wants to remember from
 * step to step it returns with its decision, so that it is saved with the network.
 *
 * <p>Implement it for a search of your own: an immutable class that Jackson can write and read.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = JsonTypeInfo.As.PROPERTY, property = "@class")
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE)
public interface LineSearch extends Serializable {

    /**
     * What came of a search.
     *
     * @param step the accepted length α, one that was tried; 0 if none was acceptable
     * @param remembered numbers for the next search, as many as {@link #slots} names
     */
    record Decision(double step, List<Double> remembered) {

        /** Makes it immutable. */
        public Decision {
            remembered = List.copyOf(remembered);
        }

        /** No length was acceptable; the next search starts anew. */
        public static Decision none() {
            return new Decision(0, List.of());
        }

        /** A length, with what to remember of it. */
        public static Decision of(double step, double... remembered) {
            return new Decision(step, Arrays.stream(remembered).boxed().toList());
        }
    }

    /**
     * Searches.
     *
     * @param ray the loss along the direction
     * @param learningRate the length to begin with, ≥ 0, unless the search remembers a shorter one
     * @param remembered what the search before this one returned; zeros in the first step and after one that was not
     *     accepted
     */
    Decision search(Ray ray, double learningRate, List<Double> remembered);

    /** Names of the numbers that are remembered from step to step. */
    default List<String> slots() {
        return List.of();
    }

    /**
     * Whether steps must lower the loss. If not, some settings follow the papers' algorithms without a line search, where
     * they are not set.
     */
    default boolean requiresDecrease() {
        return true;
    }

    /** One step of the learning rate's length; it is rejected only if the loss there is not finite. */
    static LineSearch none() {
        return new FullStep();
    }

    /** Backtracking with the SGN authors' settings: c = 1e-4, halving, at most 10 times, from the learning rate. */
    static LineSearch armijo() {
        return armijo(1e-4, 0.5, 10);
    }

    /** Backtracking from the learning rate. */
    static LineSearch armijo(double sufficientDecrease, double shrink, int maxShrinks) {
        return new Backtracking(sufficientDecrease, shrink, maxShrinks, StepReset.LEARNING_RATE, 1.0);
    }

    /**
     * Backtracking with the EGN authors' settings: aggressiveness 0.9, which is c = 0.1, factor 0.8, at most 15
     * evaluations, growth 1.5.
     */
    static LineSearch armijo(StepReset reset) {
        return armijo(0.9, 0.8, 1.5, 15, reset);
    }

    /**
     * Backtracking that remembers the length of the last step.
     *
     * @param aggressiveness 1 − c, in (0, 1]: the nearer to 1, the longer the steps that are accepted
     * @param decrease factor between trials, in (0, 1)
     * @param increase growth factor, at least 1
     * @param maxEvaluations at most this many trials, at least 1
     */
    static LineSearch armijo(
            double aggressiveness, double decrease, double increase, int maxEvaluations, StepReset reset) {
        Require.atLeast("line search evaluations", maxEvaluations, 1);
        return new Backtracking(1 - aggressiveness, decrease, maxEvaluations - 1, reset, increase);
    }
}

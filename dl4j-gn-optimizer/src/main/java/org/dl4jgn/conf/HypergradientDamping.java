package org.dl4jgn.conf;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Damping λ = f·κ by a factor f that goes down the gradient of the next mini-batch's loss with respect to it, where κ is the
 * largest mean curvature of the loss with respect to the network's outputs so far: 2/c for MSE, about 1/c for a softmax, however
 * certain it has become.
 *
 * <p>With the direction Δ(λ), w = −∂Δ/∂ln λ is what less damping would add to it. Mini-batches that agree about the directions
 * that damping holds back have w lower the next mini-batch's loss as much as the step's own; where w fits noise it does not.
 * So with
 *
 * <pre>q = Σ g'ᵀw / Σ (g + αHΔ)ᵀw,</pre>
 *
 * g' the next mini-batch's gradient where the step led, the divisor what the model says of the step's own there, and sums in
 * which each step counts by {@code memory} less than the one after it, and for no more than five times the mean before it, since a
 * mini-batch with an outlier would drown the others,
 *
 * <pre>ln f ← ln f + min(1/10, low − q)        where q is below low,
 * ln f ← ln f − 3/10·(q − high)           where q is above high,        q within [−1, 1],
 * ln f ← ln f + (ln usual − ln f)/100     between,                      f within [lowest, highest].</pre>
 *
 * The ratio is not that of the whole step ({@link ValidatedDamping}): a step is judged by the few stiff directions that it is
 * nearly all of, in which mini-batches may contradict each other for good, and damping changes nothing in them. This is
 * hypergradient descent (Baydin et al. 2018) on ln λ, with a bias to {@code low} against its short sight: the gain of little
 * damping is spread over many steps. Rejected and invalid steps raise f beyond {@code highest} until steps are accepted again.
 *
 * @param start f before the first step
 * @param usual f to which it returns where nothing speaks against it
 * @param lowest smallest f
 * @param highest largest f
 * @param low q under which f rises
 * @param high q over which f falls
 * @param memory in [0, 1)
 */
public record HypergradientDamping(
        @JsonProperty("start") double start,
        @JsonProperty("usual") double usual,
        @JsonProperty("lowest") double lowest,
        @JsonProperty("highest") double highest,
        @JsonProperty("low") double low,
        @JsonProperty("high") double high,
        @JsonProperty("memory") double memory)
        implements Damping {

    private static final long serialVersionUID = 1L;

    private static final double MOST = 0.1;
    private static final double FALL = 0.3;
    private static final double RETURN = 0.01;
    /** More than an accepted step takes back: steps that are accepted, and taken back by the next, raise f too. */
    private static final double REJECTION = 4;

    private static final double RECOVERY = 2;
    private static final double INVALID = 16;
    private static final double LARGEST = 1e12;

    /** Where every output was certain and right from the start, there is no curvature, and the damping would be nothing. */
    private static final double SMALLEST_CURVATURE = 1e-12;

    /** Checks the settings. */
    @JsonCreator
    public HypergradientDamping {
        Require.positive("damping", start);
        Require.positive("lowest factor of damping", lowest);
        Require.positive("highest factor of damping", highest);
        Require.fraction("memory of damping", memory);
        Require.dampingWithin(usual, lowest, highest);
        Require.ratios(low, high);
    }

    @Override
    public List<String> slots() {
        return List.of("factor", "actual change", "predicted change", "largest curvature", "weight");
    }

    private static Answers answers(State state) {
        return new Answers(state.first(), state.second(), state.get(4));
    }

    private static State of(double factor, Answers answers, double curvature) {
        return new State(List.of(factor, answers.actual(), answers.promised(), curvature, answers.weight()));
    }

    @Override
    public State initial() {
        return new State(Math.max(lowest, Math.min(highest, start)));
    }

    @Override
    public double value(State state, long step) {
        return state.value();
    }

    @Override
    public double value(State state, long step, double excess, double curvature) {
        return state.value() * Math.max(SMALLEST_CURVATURE, Math.max(state.get(3), curvature));
    }

    @Override
    public boolean isPaced() {
        return true;
    }

    @Override
    public boolean isSensed() {
        return true;
    }

    @Override
    public State begun(State state, double curvature) {
        return of(state.value(), answers(state), Math.max(state.get(3), curvature));
    }

    @Override
    public State sensed(State state, double actual, double predicted) {
        Answers answers = answers(state).with(actual, predicted, memory);
        double q = answers.promised() < 0 ? Math.max(-1, Math.min(1, answers.share())) : 0;
        double change = q < low
                ? Math.min(MOST, low - q)
                : q > high ? -FALL * (q - high) : RETURN * Math.log(usual / state.value());
        double within = Math.max(lowest, Math.min(highest, state.value() * Math.exp(change)));
        // what rejected steps have raised beyond the highest, accepted ones lower
        double factor = state.value() > highest ? state.value() : within;
        return of(factor, answers, state.get(3));
    }

    @Override
    public boolean isSpent(State state) {
        return state.value() >= highest;
    }

    @Override
    public State accepted(State state, double ratio) {
        return state.value() > highest ? with(state, Math.max(highest, state.value() / RECOVERY)) : state;
    }

    @Override
    public State rejected(State state) {
        return with(state, state.value() * REJECTION);
    }

    @Override
    public State invalid(State state) {
        return with(state, state.value() * INVALID);
    }

    private static State with(State state, double factor) {
        return of(Math.min(LARGEST, factor), answers(state), state.get(3));
    }
}

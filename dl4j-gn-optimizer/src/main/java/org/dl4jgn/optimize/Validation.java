package org.dl4jgn.optimize;

import java.util.Optional;
import java.util.function.Supplier;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Memorization;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.PartCurvature;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the last step did for a mini-batch that it had not seen: the signal that damping and pace follow. Cost: one forward
 * pass, at the parameters before that step; of the part that curvature is taken from, if that is enough.
 *
 * @param before the loss there of the mini-batch, or of the part; not a number where nothing is asked
 * @param isSame whether the mini-batch is that step's own: there is no noise then, and all of it is asked
 * @param isOfPart whether the part was asked
 */
record Validation(double before, boolean isSame, boolean isOfPart) {

    /**
     * Asks a problem that is about to be linearized, where the settings want to know and the last step was accepted.
     *
     * @param theta where that step led
     * @param vector what {@link Problem#announce} is told of
     * @param room a vector that is lost
     */
    static Validation of(
            PosedStep posed, INDArray theta, Supplier<Optional<INDArray>> vector, TrainingState state, INDArray room) {
        Problem whole = posed.whole();
        if (!(state.promised() > 0)) {
            whole.announce(null, theta, vector);
            return new Validation(Double.NaN, false, false);
        }
        INDArray previous = state.previous(theta, room);
        boolean isKnown = posed.asksPart() && posed.fingerprint() == state.markOfPrevious();
        Problem part = posed.part();
        if (part != null && posed.asksPart() && !isKnown) {
            whole.announce(null, theta, vector);
            return new Validation(part.value(previous), false, true);
        }
        whole.announce(previous, theta, vector);
        double before = whole.value(previous);
        return new Validation(before, isKnown || before == state.markOfPrevious(), false);
    }

    /** Whether that step led to a point that is so much worse here that it is to be taken back. */
    boolean isHarmful(Point reached, GaussNewtonUpdater settings, TrainingState state) {
        Pace pace = settings.pace();
        return pace != null && Double.isFinite(before) && pace.isHarmful(answer(reached, state));
    }

    private Pace.Answer answer(Point reached, TrainingState state) {
        Point asked = asked(reached);
        double rounding = Trials.rounding(reached.gradient().dataType(), before, asked.rounding());
        return new Pace.Answer(before, asked.value(), state.promised(), rounding, isSame);
    }

    private Point asked(Point reached) {
        return isOfPart && reached instanceof PartCurvature of ? of.part() : reached;
    }

    /**
     * Tells damping and pace.
     *
     * @param reached where the step led
     * @return the step's share of what it promised for its own mini-batch; not a number where nothing was asked
     */
    double tell(Point reached, GaussNewtonUpdater settings, TrainingState state) {
        if (state.predictedChange() != 0) {
            double actual = Vectors.dot(reached.gradient(), state.sensitivity());
            if (Double.isFinite(actual)) {
                state.setDamping(settings.damping().sensed(state.damping(), actual, state.predictedChange()));
            }
        }
        if (!Double.isFinite(before)) {
            return Double.NaN;
        }
        double reduction = before - asked(reached).value();
        if (settings.damping().isValidated() && Double.isFinite(reduction)) {
            state.setDamping(settings.damping().validated(state.damping(), reduction, state.promised()));
        }
        Pace pace = settings.pace();
        if (pace != null) {
            tellPace(pace, answer(reached, state), reached.value(), settings.damping(), state);
        }
        return reduction / state.promised();
    }

    private static void tellPace(Pace pace, Pace.Answer answer, double loss, Damping damping, TrainingState state) {
        Pace.State told = pace.validated(state.pace(pace), answer);
        Memorization memorization = state.memorization();
        // where each mini-batch is the same, all that is learnt shows in the next one; what is taken back is not learnt
        if (!answer.isSame() && !pace.isHarmful(answer)) {
            memorization = memorization.with(loss, answer.before() - answer.after());
            state.setMemorization(memorization);
        }
        if (!damping.isSpent(state.damping())) {
            told = pace.recovered(told);
        } else if (memorization.isFound()) {
            told = pace.memorized(told);
        }
        state.setPace(told);
    }
}

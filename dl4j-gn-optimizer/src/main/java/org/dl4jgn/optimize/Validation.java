package org.dl4jgn.optimize;

import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;

/**
 * What the last step did for a mini-batch that it had not seen: the signal that damping and pace follow. Cost: one forward
 * pass, at the parameters before that step.
 *
 * @param before the mini-batch's loss there; not a number where nothing is asked
 */
record Validation(double before) {

    /** Asks a problem, where the settings want to know and the last step was accepted. */
    static Validation of(Problem problem, TrainingState state) {
        return new Validation(state.promised() > 0 ? problem.value(state.previous()) : Double.NaN);
    }

    /** Whether that step led to a point that is so much worse here that it is to be taken back. */
    boolean isHarmful(Point reached, GaussNewtonUpdater settings) {
        Pace pace = settings.pace();
        return pace != null && Double.isFinite(before) && pace.isHarmful(before, reached.value(), rounding(reached));
    }

    private double rounding(Point reached) {
        return Trials.rounding(reached.gradient().dataType(), before, reached.rounding());
    }

    /**
     * Tells damping and pace.
     *
     * @param reached where the step led
     * @return the step's share of what it promised for its own mini-batch; not a number where nothing was asked
     */
    double tell(Point reached, boolean wasHarmful, GaussNewtonUpdater settings, TrainingState state) {
        double reduction = before - reached.value();
        Pace pace = settings.pace();
        if (!Double.isFinite(reduction)) {
            if (wasHarmful && pace != null) {
                state.setPace(pace.validated(state.pace(pace), -state.promised(), state.promised(), true));
            }
            return Double.NaN;
        }
        if (settings.damping().isValidated()) {
            state.setDamping(settings.damping().validated(state.damping(), reduction, state.promised()));
        }
        boolean isRounding = Math.max(Math.abs(reduction), state.promised()) <= rounding(reached);
        if (pace != null && !isRounding) {
            state.setPace(pace.validated(state.pace(pace), reduction, state.promised(), wasHarmful));
        }
        return reduction / state.promised();
    }
}

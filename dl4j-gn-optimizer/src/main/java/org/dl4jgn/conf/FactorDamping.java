package org.dl4jgn.conf;

import java.util.List;

/** Damping that is a multiple of something measured, by a factor that evolves by a rule of its own: its events are that rule's. */
interface FactorDamping extends Damping {

    /** The rule for the factor. */
    Damping factor();

    @Override
    default State initial() {
        return factor().initial();
    }

    /** The damping where what is measured is one. */
    @Override
    default double value(State state, long step) {
        return factor().value(state, step);
    }

    @Override
    default List<String> slots() {
        return factor().slots();
    }

    @Override
    default State accepted(State state, double ratio) {
        return factor().accepted(state, ratio);
    }

    @Override
    default boolean isValidated() {
        return factor().isValidated();
    }

    @Override
    default State validated(State state, double actual, double predicted) {
        return factor().validated(state, actual, predicted);
    }

    @Override
    default State rejected(State state) {
        return factor().rejected(state);
    }

    @Override
    default State rejected(State state, double ratio) {
        return factor().rejected(state, ratio);
    }

    @Override
    default State invalid(State state) {
        return factor().invalid(state);
    }
}

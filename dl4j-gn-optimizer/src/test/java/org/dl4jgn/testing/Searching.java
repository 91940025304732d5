package org.dl4jgn.testing;

import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.conf.StepReset;

/** Settings whose steps are found by a line search, each by itself: what the tests of searches and damping rules begin with. */
public final class Searching {

    private Searching() {}

    /** The SGN paper's. */
    public static Sgn.Builder sgn() {
        return Sgn.paper();
    }

    /** EGN with the authors' search. */
    public static Egn.Builder egn() {
        return Egn.builder().lineSearch(LineSearch.armijo(StepReset.INCREASE));
    }
}

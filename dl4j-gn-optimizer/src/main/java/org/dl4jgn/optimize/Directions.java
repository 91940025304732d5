package org.dl4jgn.optimize;

import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.NetworkProblem;

/** The direction of each kind of configuration. */
final class Directions {

    private Directions() {}

    static Direction of(GaussNewtonUpdater conf, NetworkProblem at) {
        if (conf instanceof Sgn sgn) {
            return new SgnDirection(sgn, at);
        }
        if (conf instanceof Egn egn) {
            return new EgnDirection(egn, at);
        }
        throw new IllegalStateException("No direction for " + conf.getClass().getName());
    }
}

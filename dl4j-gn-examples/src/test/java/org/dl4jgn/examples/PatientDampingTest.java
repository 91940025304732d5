package org.dl4jgn.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Sgn;
import org.junit.jupiter.api.Test;

class PatientDampingTest {

    private final Damping damping = new PatientDamping(0.8, 3);

    @Test
    void isHalvedAfterGoodStepsInARow() {
        Damping.State state = damping.initial();
        for (double expected : new double[] {0.8, 0.8, 0.4, 0.4, 0.4, 0.2}) {
            state = damping.accepted(state, 0.9);
            assertEquals(expected, damping.value(state, 0));
        }
    }

    @Test
    void aBadStepDoublesItAndStartsTheCountAnew() {
        Damping.State state = damping.accepted(damping.accepted(damping.initial(), 0.9), 0.1);
        assertEquals(new Damping.State(1.6, 0), state);
        assertEquals(new Damping.State(3.2, 0), damping.rejected(state));
        assertEquals(new Damping.State(16, 0), damping.invalid(state));
    }

    @Test
    void isPartOfTheNetworksJson() {
        MultiLayerNetwork net =
                FirstNetwork.create(Sgn.builder().damping(damping).build());
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(
                net.getLayerWiseConfigurations().toJson());
        assertEquals(net.getLayerWiseConfigurations(), read);
    }
}

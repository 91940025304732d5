package org.dl4jgn.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;

/** The private fields of DL4J, and what is said if another version does not have them. */
class NetworkFieldsTest {

    @Test
    void thisVersionHasThem() {
        assertEquals(
                "solver", NetworkFields.field(MultiLayerNetwork.class, "solver").getName());
        assertEquals(
                "gradient",
                NetworkFields.field(MultiLayerNetwork.class, "gradient").getName());
    }

    /** In a static initializer the message would be lost from the second time on. */
    @Test
    void aFieldThatIsNotThereIsNamedEachTime() {
        for (int i = 0; i < 2; i++) {
            IllegalStateException failure = assertThrows(
                    IllegalStateException.class, () -> NetworkFields.field(MultiLayerNetwork.class, "resolver"));
            assertEquals(
                    "This version of DL4J's MultiLayerNetwork has no accessible field 'resolver'. This library needs DL4J"
                            + " 1.0.0-M2.1: set deeplearning4j-core to that version",
                    failure.getMessage());
        }
    }
}

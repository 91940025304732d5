package org.dl4jgn.graph;

import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** What the settings of DL4J's convolutional layers mean here. */
final class Formats {

    private Formats() {}

    static Windows.Border border(ConvolutionMode mode) {
        return Windows.Border.valueOf(mode.name().toUpperCase(Locale.ROOT));
    }

    /** Refuses input in another order than the layer's, which DL4J would take for something else. */
    static void require(CNN2DFormat format, Activations input, GraphWriter writer) {
        require(format == CNN2DFormat.NCHW, input, writer);
    }

    static void require(boolean channelsFirst, Activations input, GraphWriter writer) {
        if (input.channelsFirst() != channelsFirst) {
            throw writer.unsupported(
                    "a data format with channels " + (channelsFirst ? "first" : "last") + " on input with channels "
                            + (channelsFirst ? "last" : "first"),
                    Set.of("the same format in all layers"));
        }
    }
}

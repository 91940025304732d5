package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/** A layer of dropout alone, on arrays of any shape. */
final class DropoutTranslator implements LayerTranslator<DropoutLayer> {

    @Override
    public Activations translate(DropoutLayer layer, Activations input, GraphWriter writer) {
        return writer.dropout(layer.getIDropout(), input);
    }

    @Override
    public long inputs(DropoutLayer layer) {
        return 0;
    }
}

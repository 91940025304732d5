package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Boxes and classes of objects in the cells of a grid: its input is z, one row for each cell. */
final class Yolo2Translator implements LayerTranslator<Yolo2OutputLayer> {

    @Override
    public Activations translate(Yolo2OutputLayer layer, Activations input, GraphWriter writer) {
        if (layer.getIDropout() != null) {
            throw writer.unsupported(
                    "dropout on a loss layer, which DL4J itself ignores,", Set.of("a DropoutLayer before it"));
        }
        ILossFunction positions = layer.getLossPositionScale();
        if (positions.getClass() != LossL2.class || ((LossL2) positions).getWeights() != null) {
            throw writer.unsupported("lossPositionScale " + positions, Set.of("LossL2 without weights"));
        }
        ILossFunction classes = layer.getLossClassPredictions();
        boolean isSquared = classes.getClass() == LossL2.class && ((LossL2) classes).getWeights() == null;
        boolean isEntropy = classes.getClass() == LossMCXENT.class && ((LossMCXENT) classes).getWeights() == null;
        if (!isSquared && !isEntropy) {
            throw writer.unsupported(
                    "lossClassPredictions " + classes, Set.of("LossL2 without weights", "LossMCXENT without weights"));
        }
        input.requirePositions(2, writer);
        Formats.require(layer.getFormat() == CNN2DFormat.NCHW, input, writer);
        if (Arrays.stream(input.shape()).anyMatch(size -> size <= 0)) {
            throw new GeometryException("no cell is left");
        }
        long boxes = layer.getBoundingBoxes().size(0);
        if (input.channels() % boxes != 0 || Head.yoloLabels(layer, input.channels()) <= Head.YOLO_CORNERS) {
            throw writer.unsupported(
                    input.channels() + " channels for " + boxes + " boxes",
                    Set.of("boxes · (5 + classes), at least one class"));
        }
        return input;
    }

    @Override
    public long inputs(Yolo2OutputLayer layer) {
        return 0;
    }
}

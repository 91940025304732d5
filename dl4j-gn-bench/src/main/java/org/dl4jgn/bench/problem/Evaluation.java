package org.dl4jgn.bench.problem;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.dl4jgn.bench.data.Examples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Loss and quality on the test examples, from one forward pass over them, piece by piece. */
final class Evaluation {

    /** Of 2,000 images DL4J would write out the patches of a convolution of ResNet-20 in 1.2 GB. */
    private static final int PIECE = 500;

    /** Below this a probability counts as this, as in DL4J's softmax cross-entropy. */
    private static final double SMALLEST_PROBABILITY = 1e-10;

    private record Piece(INDArray features, INDArray labels) {}

    private final List<Piece> pieces = new ArrayList<>();
    private final Task task;
    private final double targetScale;
    private final Architecture architecture;
    private final long count;

    /** Of sequences every step counts as one. */
    Evaluation(Examples examples, Architecture architecture, Task task, double targetScale) {
        this.architecture = architecture;
        this.task = task;
        this.targetScale = targetScale;
        long[] shape = architecture.exampleShape(examples.inputs());
        int tests = examples.test().rows();
        for (int from = 0; from < tests; from += PIECE) {
            int to = Math.min(from + PIECE, tests);
            long[] whole = new long[shape.length + 1];
            whole[0] = (long) to - from;
            System.arraycopy(shape, 0, whole, 1, shape.length);
            pieces.add(new Piece(
                    slice(examples.test(), from, to).reshape(whole),
                    architecture.rows(slice(examples.testLabels(), from, to)).castTo(DataType.DOUBLE)));
        }
        count = pieces.stream().mapToLong(piece -> piece.labels().size(0)).sum();
    }

    private static INDArray slice(INDArray array, int from, int to) {
        return array.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    /** The loss alone. */
    double lossOf(Model net) {
        double loss = 0;
        for (Piece piece : pieces) {
            loss += loss(output(net, piece), piece.labels());
        }
        return loss / count;
    }

    Map<Measure, Double> of(Model net) {
        double loss = 0;
        double right = 0;
        for (Piece piece : pieces) {
            INDArray output = output(net, piece);
            loss += loss(output, piece.labels());
            right += right(output, piece.labels());
        }
        Map<Measure, Double> measures = new EnumMap<>(Measure.class);
        measures.put(Measure.TEST_LOSS, loss / count);
        if (task == Task.REGRESSION) {
            measures.put(Measure.TEST_RMSE, targetScale * Math.sqrt(loss / count));
        } else {
            measures.put(Measure.TEST_ACCURACY, right / count);
        }
        return measures;
    }

    private INDArray output(Model net, Piece piece) {
        return architecture.rows(architecture.output(net, piece.features())).castTo(DataType.DOUBLE);
    }

    /** Sum over the examples of DL4J's loss. */
    private double loss(INDArray output, INDArray labels) {
        if (!Double.isFinite(output.sumNumber().doubleValue())) {
            return Double.NaN;
        }
        return switch (task) {
            case REGRESSION -> output.squaredDistance(labels) / labels.columns();
            case CLASSES -> -log(output).muli(labels).sumNumber().doubleValue();
            case BINARY ->
                -log(output).muli(labels).sumNumber().doubleValue()
                        - log(output.rsub(1)).muli(labels.rsub(1)).sumNumber().doubleValue();
        };
    }

    private static INDArray log(INDArray probabilities) {
        return Transforms.log(Transforms.max(probabilities, SMALLEST_PROBABILITY, true), false);
    }

    private double right(INDArray output, INDArray labels) {
        return switch (task) {
            case REGRESSION -> 0;
            case CLASSES ->
                output.argMax(1)
                        .eq(labels.argMax(1))
                        .castTo(DataType.DOUBLE)
                        .sumNumber()
                        .doubleValue();
            case BINARY ->
                output.gt(0.5)
                        .eq(labels.gt(0.5))
                        .castTo(DataType.DOUBLE)
                        .sumNumber()
                        .doubleValue();
        };
    }
}

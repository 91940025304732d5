package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.bench.process.Python;
import org.dl4jgn.curvature.NetworkResiduals;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

class FullBatchTorchTest {

    private static MultiLayerNetwork network(LossFunction loss) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd())
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(4).build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(4)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        net.init();
        return net;
    }

    private static DataSet examples() {
        INDArray x = Nd4j.linspace(DataType.DOUBLE, -1, 2.0 / 59, 60).reshape(30, 2);
        return new DataSet(x, Transforms.sin(x.mul(2)).sum(true, 1));
    }

    /** The parameters, in the order of the residuals. */
    private static INDArray parameters(MultiLayerNetwork net, DataSet all) {
        try (NetworkResiduals residuals = GaussNewton.leastSquares(net, all.getFeatures(), all.getLabels())) {
            return Nd4j.createFromArray(residuals.start());
        }
    }

    /** (JᵀJ + λI)Δ = −Jᵀr for the first that is accepted, λ from 1e-3 of the largest of the diagonal, this library's J; then down. */
    @Test
    void trialsAreThoseOfTheMethod() throws IOException, InterruptedException {
        assumeTrue(Python.with("torch", "functorch").isPresent(), "there is a python3 with PyTorch");
        MultiLayerNetwork net = network(LossFunction.MSE);
        DataSet all = examples();
        INDArray start = parameters(net, all);
        int n = Math.toIntExact(start.length());
        int m = all.numExamples();
        double[] r = new double[m];
        double[] j = new double[m * n];
        try (NetworkResiduals residuals = GaussNewton.leastSquares(net, all.getFeatures(), all.getLabels())) {
            residuals.values(start.toDoubleVector(), r);
            residuals.jacobian(start.toDoubleVector(), j, m);
        }
        INDArray jacobian = Nd4j.createFromArray(j).reshape('f', m, n);
        INDArray normal = jacobian.transpose().mmul(jacobian);
        double damping = 1e-3 * Nd4j.diag(normal).maxNumber().doubleValue();
        INDArray downhill =
                jacobian.transpose().mmul(Nd4j.createFromArray(r).reshape(m, 1)).neg();
        try (FullBatchTorch torch = new FullBatchTorch(net)) {
            torch.fit(all);
            for (double growth = 2; parameters(net, all).equals(start) && growth < 1e6; growth *= 2) {
                damping *= growth;
                torch.fit(all);
            }
            assertTrue(torch.nanosElsewhere() > 0);
            INDArray step = parameters(net, all).sub(start).reshape(n, 1);
            INDArray found = normal.mmul(step).add(step.mul(damping));
            assertTrue(downhill.norm2Number().doubleValue() > 0.1);
            assertArrayEquals(downhill.toDoubleVector(), found.toDoubleVector(), 1e-10, "(JᵀJ + λI)Δ");
            double last = net.score(all);
            while (torch.passes() < 100) {
                torch.fit(all);
                double now = net.score(all);
                assertTrue(now <= last, now + " after " + last);
                last = now;
            }
            assertTrue(last < 1e-5, String.valueOf(last));
            assertEquals(100, net.getIterationCount());
        }
    }

    @Test
    void otherLossesAreRefused() {
        MultiLayerNetwork net = network(LossFunction.MEAN_ABSOLUTE_ERROR);
        String message = assertThrows(IllegalArgumentException.class, () -> new FullBatchTorch(net))
                .getMessage();
        assertTrue(message.contains("MSE"), message);
    }
}

package org.dl4jgn.problem;

import org.dl4jgn.linalg.Span;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One layer's columns of R = SᵀJ as the products they are: row r of R, on the layer's weights, is xᵢ ⊗ δᵣ with the example i
 * that the row belongs to, and δᵣ on its biases. A Kronecker preconditioner is made of the second moments of both.
 *
 * @param weights the layer's weights in the parameter vector, nIn × nOut row by row
 * @param biases its biases, or null
 * @param inputs x, [b, nIn]
 * @param cotangents δ, [b·q, nOut]: the rows of example i are i·q to (i + 1)·q − 1
 */
public record LayerFactors(Span weights, @Nullable Span biases, INDArray inputs, INDArray cotangents) {}

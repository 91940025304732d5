package org.dl4jgn.plan;

import org.dl4jgn.linalg.Buffers;

/**
 * Where the instructions of a plan go, and what they are made with.
 *
 * @param program the program of the stage that is being written
 * @param kernels this library's own operations, as the backend has them
 * @param buffers owner of arrays that instructions need beside their operands
 */
record Assembly(Program program, Kernels kernels, Buffers buffers) {}

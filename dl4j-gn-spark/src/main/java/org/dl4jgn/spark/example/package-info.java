/** A program to read and run. */
@NullMarked
package org.dl4jgn.spark.example;

import org.jspecify.annotations.NullMarked;

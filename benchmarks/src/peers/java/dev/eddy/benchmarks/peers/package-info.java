/** Other libraries at their best settings, behind the interface of the benchmarks. */
package dev.eddy.benchmarks.peers;

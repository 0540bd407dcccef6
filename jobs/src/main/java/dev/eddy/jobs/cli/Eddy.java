package dev.eddy.jobs.cli;

/** The command line of Eddy. */
public final class Eddy {
  private Eddy() {}

  /** Runs one command. */
  public static void main(String[] args) {
    System.out.println("eddy");
  }
}

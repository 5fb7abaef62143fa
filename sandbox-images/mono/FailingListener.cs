using System;
using System.Diagnostics;

/// <summary>Ends a program whose Debug.Assert fails, as .NET does; Mono would go on.</summary>
public class FailingListener : DefaultTraceListener
{
    public override void Fail(string message, string detail)
    {
        Console.Out.Flush();
        Console.Error.WriteLine("Assertion failed. " + message + " " + detail);
        Console.Error.WriteLine(new StackTrace(true));
        Environment.Exit(134);
    }

    public override void Fail(string message)
    {
        Fail(message, "");
    }
}

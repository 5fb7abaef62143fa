using System.Diagnostics;
using System.Threading;

class Program
{
    static void Main()
    {
        Process.Start("sh", "-c \"kill -KILL " + Process.GetCurrentProcess().Id + "\"").WaitForExit();
        while (true) Thread.Sleep(10);
    }
}

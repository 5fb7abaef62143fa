using System;

class Program
{
    static void Main()
    {
        Console.OpenStandardInput().CopyTo(Console.OpenStandardOutput());
    }
}

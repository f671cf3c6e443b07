namespace Gatehouse.SystemTests.Identity.Sessions;

/// <summary>What a refresh should do, in its simplest form: no database, no tokens, no races, only generations and seconds.</summary>
internal sealed class RefreshModel
{
    private int newest = 1;
    private bool ended;

    /// <summary>Seconds since the newest generation was made.</summary>
    public int Age { get; private set; }

    /// <summary>Says which generation who shows one gets; null for a rejection.</summary>
    public int? Show(int generation)
    {
        if (ended)
            return null;
        if (generation == newest)
        {
            Age = 0;
            return ++newest;
        }

        if (generation == newest - 1 && Age <= 10)
            return newest;
        ended = true;
        return null;
    }

    public void Wait(int seconds) => Age += seconds;

    public void SignOut() => ended = true;

    public bool Ended => ended;
}

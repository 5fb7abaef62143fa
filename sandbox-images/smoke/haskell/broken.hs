main :: IO ()
main = putStrLn nothing
